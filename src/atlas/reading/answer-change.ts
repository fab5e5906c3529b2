/**
 * What is done with the experts' answer where the generator has no sentence for the question but one for its neighbour: who died first is
 * asked as the years between two deaths.
 *
 * @module
 */

/** As the action generator would say it. */
export const UNKNOWN = "[finish] I don't know.";

export type AnswerChange =
  /** The answer has no sign: the difference was asked in either order. */
  | { kind: 'unsigned' }
  /** The answer is rounded to an integer. */
  | { kind: 'integer' }
  /** The other one of two names: the lower of two mountains is the one that is not taller. */
  | { kind: 'other'; of: readonly [string, string] }
  /** The first where the answer is a positive number of years, the second where it is negative; `even` where it is 0. */
  | { kind: 'by-sign'; of: readonly [string, string]; even: string };

const NUMBER = /-?\d[\d,]*(?:\.\d+)?/;

/** @param text the step that finishes; it is returned as it is if the change does not apply to it */
export function changeAnswer(text: string, change: AnswerChange): string {
  if (change.kind === 'unsigned') return text.replace(/(The answer is )-(?=\d)/, '$1');
  if (change.kind === 'other') {
    const [x, y] = change.of;
    const found = change.of.filter((name) => text.includes(name));
    return found.length === 1 ? finish(found[0] === x ? y : x) : text;
  }
  const [written] = NUMBER.exec(text) ?? [];
  if (written === undefined) return text;
  const value = Number(written.replaceAll(',', ''));
  if (change.kind === 'integer') return finish(String(Math.round(value)));
  return finish(value === 0 ? change.even : change.of[value > 0 ? 0 : 1]);
}

const finish = (answer: string) => `[finish] The answer is ${answer}.`;
