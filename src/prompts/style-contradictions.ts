/** Options of a configuration with which a style of prompts cannot go. */
import { knowsArguments } from './prompt';

export interface BesidePrompts {
  prompts: string;
  sandbox: { language: string };
  tools: readonly { name: string; input?: unknown }[];
  mcp: object;
}

/** A sentence for each. The released code generator writes Python and nothing else; only some styles can ask for arguments. */
export function styleContradictions({ prompts, sandbox, tools, mcp }: BesidePrompts): string[] {
  const typed = tools.find(({ input }) => input !== undefined);
  const problems: string[] = [];
  if (prompts === 'husky-v1' && sandbox.language !== 'python')
    problems.push('sandbox.language: prompts of style husky-v1 make the code generator write Python; set it to python');
  if (knowsArguments(prompts)) return problems;
  const remedy = `and prompts of style ${prompts} know no argument generator: set prompts to instruct, few-shot or expert`;
  if (typed) problems.push(`tools: ${typed.name} has input, ${remedy}, or leave out input`);
  if (Object.keys(mcp).length > 0) problems.push(`mcp: its tools take arguments, ${remedy}`);
  return problems;
}
