/** Reads content that comes in parts (Mistral, Anthropic's and Google's proxies). */
import { z } from 'zod';

const words = z.string().nullish().catch(undefined);

/** The text of a part; empty for thinking, references and unknown parts. */
export function partText(part: unknown): string {
  if (typeof part === 'string') return part;
  const nested = z.looseObject({ type: z.enum(['message', 'text']), content: z.unknown() }).safeParse(part)
    .data?.content;
  if (Array.isArray(nested)) return nested.map(partText).join('');
  if (typeof nested === 'string') return nested;
  const known = z
    .looseObject({ type: words, text: z.union([z.string(), z.looseObject({ value: z.string() })]) })
    .safeParse(part);
  if (!known.success || !['text', 'output_text', 'input_text', undefined, null].includes(known.data.type)) return '';
  const { text } = known.data;
  return typeof text === 'string' ? text : text.value;
}
