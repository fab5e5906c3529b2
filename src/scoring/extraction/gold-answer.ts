/** Takes the gold answer out of a whole solution, as some datasets keep it: GSM8K ends in `#### 18`, MATH in a box. */
import { boxedAnswer } from '../../formats/boxes';
import { hashedAnswer, type OneGold } from '../../formats/gold';
import { plainCharacters } from '../values/plain-characters';
import { printedList, unwrap } from './wrappings';

/** The last sentence of solutions in reasoning datasets. */
const FINAL = /final answer is:?\s*([^\n]*?)\.?\s*(?:I hope it is correct\.?[^]*)?$/i;
const MIN_SOLUTION = 80;

/** The answer of a solution; other labels unchanged. */
export function goldAnswer(gold: OneGold): OneGold {
  if (typeof gold !== 'string') return gold;
  const printed = printedList(gold.trim());
  if (printed !== undefined) return printed;
  if (!gold.includes('####') && !/fbox|boxed/.test(gold) && gold.length < MIN_SOLUTION) return gold;
  const hashes = hashedAnswer(gold);
  if (hashes !== undefined) return hashes;
  const boxed = boxedAnswer(plainCharacters(gold));
  if (boxed !== undefined) return boxed.together ?? unwrap(boxed.last);
  const final = gold.length < MIN_SOLUTION ? undefined : FINAL.exec(gold)?.[1];
  return final === undefined || final === '' ? gold : unwrap(final);
}

/** Whether the label has several parts. Then several boxes are one answer. */
export function hasSeveralParts(gold: OneGold): boolean {
  if (typeof gold === 'object') return gold.length > 1;
  return typeof gold === 'string' && /[,;{]|\b(?:and|or)\b|(?<=[\d\s)$])(?:and|or)(?=[\s\d(\\])|\\pm|\\cup/.test(gold);
}
