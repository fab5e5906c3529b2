/** The form that an answer has to have, which servers with constrained decoding hold it to. */
import type { AnswerForm } from '../models/model';
import type { ModuleName } from '../trajectory/modules';
import { BUILT_IN_TOOLS } from '../trajectory/step';
import type { PromptFields } from './prompt';

/** @returns undefined for modules whose answer is free text */
export function formOf(
  module: ModuleName,
  { tools = [], off = [], tool, missing }: PromptFields,
): AnswerForm | undefined {
  if (module === 'query') return { kind: 'line' };
  if (module === 'arguments') return tool && { kind: 'json', schema: tool.input };
  if (module !== 'action') return undefined;
  if (missing !== undefined) return { kind: 'action', tools: ['search'] };
  const builtIn = BUILT_IN_TOOLS.filter((tool) => !off.includes(tool));
  return { kind: 'action', tools: [...builtIn, ...tools.map(({ name }) => name), 'finish'] };
}
