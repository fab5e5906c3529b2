/**
 * How Husky-v1 wraps a prompt for the model that reads it: chosen by substring of the model's name.
 * Source: docs/husky-v1.md, section 1, "Which template".
 */
import type { TemplateFacts } from './templates';

export type Wrapping = 'chat' | 'mistral' | 'plain';

/** `mistral` is checked first. Names are compared in lower case, because the reference's own names are. */
export function wrappingFor({ chatModels }: Pick<TemplateFacts, 'chatModels'>, modelName: string): Wrapping {
  const name = modelName.toLowerCase();
  if (name.includes('mistral')) return 'mistral';
  return chatModels.some((part) => name.includes(part)) ? 'chat' : 'plain';
}

export function wrap(
  text: string,
  wrapping: Wrapping,
  { mistralNewline }: Pick<TemplateFacts, 'mistralNewline'>,
): string {
  if (wrapping === 'chat') return `<|user|>\n${text}\n<|assistant|>\n`;
  if (wrapping === 'mistral') return `<s>[INST]\n${text}\n[/INST]${mistralNewline ? '\n' : ''}`;
  return text;
}
