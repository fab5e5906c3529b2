/**
 * What a label is, wherever it lies in a file.
 *
 * @module
 */
import { z } from 'zod';

const one = z.union([z.string(), z.number()]);

/** A gold answer as datasets hold it: text, a number, true or false, or a list of these. */
export const goldSchema = z.union([one, z.boolean(), z.array(one).readonly()]);
export type Gold = z.infer<typeof goldSchema>;

/** The text of a gold answer, lists joined as a person would write them. */
export function goldText(gold: Gold): string {
  if (typeof gold === 'object') return gold.map(String).join(', ');
  if (typeof gold === 'boolean') return gold ? 'yes' : 'no';
  return String(gold);
}

/** Longest text of a field `solution` that is taken for an answer as it stands. */
const SHORT = 200;

/**
 * The label of a line, under the first of these names that it has: `gold`, `answer`, `target`, `solution`. Two published forms hold a
 * worked solution, of which the end is the label: GSM8K's `answer`, after `#### `, and MATH's `solution`, in its last `\boxed{}`. Any
 * other `solution` is a label only when it is one short line.
 *
 * @returns undefined where there is none
 */
export function labelOf(line: Readonly<Record<string, unknown>>): unknown {
  const name = ['gold', 'answer', 'target', 'solution'].find((field) => {
    const value = line[field];
    return value !== undefined && value !== null && value !== '';
  });
  if (name === undefined) return undefined;
  const value = line[name];
  if (typeof value !== 'string' || name === 'gold') return value;
  const [, final] = /^####[ \t]*(\S.*)$/m.exec(value) ?? [];
  if (final !== undefined) return final.trim();
  if (name !== 'solution') return value;
  return lastBoxed(value) ?? (value.length <= SHORT && !value.trim().includes('\n') ? value : undefined);
}

/** What the last `\boxed{}` or `\fbox{}` of a text holds. */
export function lastBoxed(text: string): string | undefined {
  const at = Math.max(text.lastIndexOf('\\boxed{'), text.lastIndexOf('\\fbox{'));
  return at < 0 ? undefined : bracedAt(text, text.indexOf('{', at));
}

/** The text between the brace at an index and its partner; undefined where it has none. */
export function bracedAt(text: string, open: number): string | undefined {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(open + 1, i);
  }
  return undefined;
}
