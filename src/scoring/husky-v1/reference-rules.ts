/**
 * The rules `husky-v1`: the verdicts of the reference's script for each dataset, including its faults and crashes. Source: husky/eval_husky.py and husky/math_utils.py of agent-husky/Husky-v1, commit 1d5dca1.
 */
import type { OneGold, Scores, Verdict } from '../metric';
import type { ReferenceRule } from '../tasks';
import { referenceEqual } from './math-equal';
import { floatText, pythonFloat, strip } from '../../trajectory/python-text';
import { normalText, tokenF1 } from '../values/word-overlap';

/** The reference's program ends with this exception. */
class ReferenceCrash extends Error {}

/** The first number after one pass that removes commas between digits; undefined if there is none. */
function firstNumber(text: string): string {
  return /-?\p{Nd}+\.?\p{Nd}*/u.exec(text.replace(/(\p{Nd}),(\p{Nd})/gu, '$1$2'))?.[0] ?? '';
}

/** The number of an unsigned number followed by letters only. */
function withoutUnit(text: string): string {
  return /^(\p{Nd}+(?:\.\p{Nd}+)?)[\s\x1c-\x1f\x85]*[a-zA-Z]+\n?$/u.exec(text)?.[1] ?? text;
}

function textScores(prediction: string, gold: string): Scores {
  const [p, g] = [normalText(prediction), normalText(gold)];
  return { em: p === g ? 1 : 0, f1: tokenF1(p, g) };
}

/** str() of what JSON held. */
function pythonString(gold: OneGold): string {
  if (typeof gold === 'boolean') return gold ? 'True' : 'False';
  if (typeof gold === 'number') return Number.isInteger(gold) ? String(gold) : floatText(gold);
  if (typeof gold === 'string') return gold;
  return `[${gold.map((item) => (typeof item === 'string' ? `'${item}'` : pythonString(item))).join(', ')}]`;
}

function requireText(gold: OneGold, exception: string): string {
  if (typeof gold !== 'string') throw new ReferenceCrash(exception);
  return gold;
}

/** The first numbers of both as floats; undefined if either has none. The prediction is read first, because the order decides about crashes. */
function firstFloats(prediction: string, goldNumber: () => number | undefined): [string, string] | undefined {
  const p = pythonFloat(firstNumber(prediction));
  if (p === undefined) return undefined;
  const g = goldNumber();
  return g === undefined ? undefined : [floatText(p), floatText(g)];
}

const lowered = (text: string): string => strip(text.toLowerCase());

const RULES: Record<ReferenceRule, (prediction: string | null, gold: OneGold) => Scores> = {
  gsm8k(prediction, gold) {
    if (prediction === null) return { acc: 0 };
    return { acc: Number(referenceEqual(firstNumber(prediction), requireText(gold, 'AssertionError'))) };
  },
  math(prediction, gold) {
    if (prediction === null) return { acc: 0 };
    return { acc: Number(referenceEqual(withoutUnit(prediction), requireText(gold, 'NotImplementedError'))) };
  },
  lila(prediction, gold) {
    if (prediction === null) return { acc: 0 };
    const label = requireText(gold, 'AttributeError');
    const [p, g] = [prediction.toLowerCase(), label.toLowerCase()];
    if (g !== 'true' && g !== 'false') return { acc: Number(referenceEqual(withoutUnit(prediction), label)) };
    return { acc: Number(p === g || p === (g === 'true' ? 'yes' : 'no')) };
  },
  finqa(prediction, gold) {
    if (prediction === null) return { em: 0, f1: 0 };
    const floats = firstFloats(prediction, () => {
      if (typeof gold === 'object') throw new ReferenceCrash('TypeError');
      return typeof gold === 'string' ? pythonFloat(firstNumber(gold)) : Number(gold);
    });
    return textScores(...(floats ?? [lowered(prediction), lowered(pythonString(gold))]));
  },
  tabmwp(prediction, gold) {
    if (prediction === null) return { em: 0, f1: 0 };
    const label = pythonString(gold);
    const floats = firstFloats(prediction, () => pythonFloat(firstNumber(label)));
    return textScores(...(floats ?? [lowered(prediction), lowered(label)]));
  },
  drop(prediction, gold) {
    if (prediction === null) return { em: 0, f1: 0 };
    const floats = firstFloats(prediction, () => pythonFloat(firstNumber(requireText(gold, 'TypeError'))));
    return textScores(...(floats ?? [prediction, pythonString(gold)]));
  },
  hotpotqa(prediction, gold) {
    if (prediction === null) throw new ReferenceCrash('AttributeError');
    return textScores(prediction, requireText(gold, 'AttributeError'));
  },
  strategyqa(prediction, gold) {
    if (prediction === null) throw new ReferenceCrash('AttributeError');
    const text = normalText(prediction);
    return { em: Number(text.startsWith('yes') ? gold === true : text.startsWith('no') && gold === false) };
  },
  huskyqa(prediction, gold) {
    if (prediction === null) return { acc: 0 };
    const floats = firstFloats(prediction, () => pythonFloat(firstNumber(requireText(gold, 'TypeError'))));
    return { acc: Number(referenceEqual(...(floats ?? [prediction, pythonString(gold)]))) };
  },
};

/** The reference's verdict. If its program crashes, the verdict has no scores and names the exception. */
export function referenceVerdict(rule: ReferenceRule, prediction: string | null, gold: OneGold): Verdict {
  try {
    const scores = RULES[rule](prediction, gold);
    const value = scores.acc ?? scores.em ?? 0;
    return { scores, correct: value === 1, reason: `the reference's rule for ${rule}` };
  } catch (error) {
    if (!(error instanceof ReferenceCrash)) throw error;
    return {
      scores: null,
      correct: false,
      reason: `the reference stops with ${error.message}`,
      error: error.message,
    };
  }
}
