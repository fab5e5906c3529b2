/**
 * How a trajectory's answer is compared with its label.
 *
 * @module
 */
import type { SynthesisMetric } from '../trajectory/synthesis';
import type { AnswerScorer } from './accept';

/** Relative difference up to which two numbers are the same answer: what rounding to four digits can do. */
const TOLERANCE = 1e-4;

const exact: AnswerScorer = async ({ prediction, gold }) => normalize(prediction) === normalize(gold);

const number: AnswerScorer = async ({ prediction, gold }) => {
  const [given, label] = [readNumber(prediction), readNumber(gold)];
  if (label === undefined) return undefined;
  return given !== undefined && Math.abs(given - label) <= TOLERANCE * Math.max(1e-9, Math.abs(label));
};

/** The number where the label is one, otherwise the words. */
const numberOrExact: AnswerScorer = async (answer) =>
  readNumber(answer.gold) === undefined ? exact(answer) : number(answer);

/**
 * @param dataset the dataset's own metric
 * @param judge asks a language model
 */
export function answerScorer(metric: SynthesisMetric, dataset: AnswerScorer, judge: AnswerScorer): AnswerScorer {
  return { dataset, exact, number, judge }[metric];
}

export { numberOrExact };

function normalize(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s.,!?]+$/u, '')
    .replace(/^(the|a|an)\s+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A number alone, with thousands separators, sign, percent or currency sign, perhaps with a unit after it. */
function readNumber(text: string): number | undefined {
  const match = /^[^\d\w-]*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d*\.?\d+(?:e[+-]?\d+)?)\s*(%|[a-z°² ]*)\.?$/i.exec(
    text.trim(),
  );
  return match?.[1] === undefined ? undefined : Number(match[1].replaceAll(',', ''));
}
