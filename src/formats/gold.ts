/** Reads the label (gold answer) of a line. */
import { z } from 'zod';
import { boxedAnswer } from './boxes';

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

/** Longest field `solution` that counts as an answer unchanged. */
const SHORT = 200;

/**
 * The label of a line: the first of the fields `gold`, `answer`, `target`, `Answer`, `solution`. Two published datasets hold a worked solution that
 * ends in the label: GSM8K's `answer` after `#### `, MATH's `solution` in its last boxes. Any other `solution` is a label only if it is
 * one short line.
 *
 * @returns undefined where there is none
 */
export function labelOf(line: Readonly<Record<string, unknown>>): unknown {
  const name = ['gold', 'answer', 'target', 'Answer', 'solution'].find((field) => {
    const value = line[field];
    return value !== undefined && value !== null && value !== '';
  });
  if (name === undefined) return undefined;
  const value = line[name];
  if (typeof value !== 'string' || name === 'gold') return value;
  const worked = hashedAnswer(value);
  if (worked !== undefined || name !== 'solution') return worked ?? value;
  const boxed = boxedAnswer(value);
  if (boxed) return boxed.together ?? boxed.last;
  return value.length <= SHORT && !value.trim().includes('\n') ? value : undefined;
}

/** The last line of a worked solution as GSM8K ends it: `18` of `#### 18`. */
export function hashedAnswer(solution: string): string | undefined {
  return /(?:^|\n)\s*####\s*([^\n]+?)\s*$/.exec(solution)?.[1];
}
