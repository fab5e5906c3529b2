/** Compares families of values: `\\frac{\\pi}{4} + k\\pi, k \\in \\mathbb{Z}`, whose parameter may have any letter. */
import { DIFFERENT, type Comparison } from './comparison';

const FAMILY =
  /^([^]*?[^\s,(])[\s,]*(?:\\text\s*\{\s*,?\s*(?:where|for|with)(?: (?:any|all|an|some))?(?: integers?)?\s*\}\s*)?\(?\s*([a-zA-Z])\s*\\in\s*(?:\\mathbb\s*\{?\s*)?([ZN])\s*\}?\s*\)?$/;

const letter = (name: string): RegExp => new RegExp(`(?<![a-zA-Z\\\\])${name}(?![a-zA-Z])`, 'g');

/** A text with another letter for a name; undefined if that letter has another meaning in it. */
export function renamed(text: string, from: string, to: string): string | undefined {
  if (from === to) return text;
  return letter(to).test(text) ? undefined : text.replace(letter(from), to);
}

/** A prediction may leave out where the parameter lies. */
export const compareFamilies: Comparison = (p, g, depth, same) => {
  const [found, gold] = [FAMILY.exec(p), FAMILY.exec(g)];
  if (gold === null) return undefined;
  const [, values = '', parameter = '', domain] = gold;
  if (found === null) return same(p, values, depth) ?? DIFFERENT;
  const read = found[3] === domain ? renamed(found[1] as string, found[2] as string, parameter) : undefined;
  return (read === undefined ? undefined : same(read, values, depth)) ?? DIFFERENT;
};
