/**
 * Answers that no question of the kind can have: a probability of 11.4, 2.5 people, an age below zero. Workflow code runs this. The rules
 * speak only where the question is clear: anything else is possible.
 */
import { numberOf } from './stated-answer';

const ASKS_FOR_PROBABILITY = /\b(?:what|find|calculate|determine|compute)\b[^.?!]*\bprobability\b/i;
/** What is counted, in the words after `how many`. */
const COUNTED = /\bhow many ((?:[\w'-]+\s+){0,3}[\w'-]+)/gi;
/** What can be had in parts. */
const MEASURED =
  /\b(?:percent\w*|times|(?:milli|centi|kilo|deci|mega|giga)\w+|\w*(?:meter|metre|gram|liter|litre|byte|watt|joule|second|minute|hour)s?|ml|km|cm|mm|kg|lbs?|oz|days?|weeks?|months?|years?|decades?|centur\w+|miles?|feet|foot|inch(?:es)?|yards?|acres?|hectares?|units?|degrees?|radians?|pounds?|ounces?|tons?|tonnes?|stones?|cups?|pints?|quarts?|gallons?|bushels?|cubic|square|\w*spoons?|dollars?|cents?|euros?|rupees?|rs|bucks|calories|servings?|parts?|points?|thousand|millions?|billions?|dozens?|pairs?|more|fewer|less|much|of)\b/i;
const SHARED_OUT =
  /\b(?:average|mean|per|each|every|expected|rate|ratio|fractions?|decimals?|equal\w*|nearest|typical\w*|medians?)\b/i;
const ASKS_FOR_QUANTITY = /\bhow (?:many|much|old|long|far|tall|wide|heavy|often)\b|\bthe number of\b/i;
/** Of these the number alone is not the value. */
const SCALED = /\b(?:thousand|million|billion|trillion|dozen)\b/i;
/** Programs divide with errors of this size. */
const INEXACT = 1e-9;
const NOT_NEGATIVE = /\bhow (?:many|old|long|far|tall|wide|heavy|often|much time)\b/i;
const MAY_BE_NEGATIVE =
  /\b(?:degrees?|temperature|negative|minus|below|change[sd]?|difference|profit|loss|debt|more|fewer|less)\b/i;

/** Whether the answer is a number that cannot be, or no number where a probability is asked for. */
export function isImpossible(question: string, answer: string): boolean {
  if (SCALED.test(answer)) return false;
  const value = numberOf(answer);
  if (ASKS_FOR_PROBABILITY.test(question)) {
    if (value === undefined) return /^(?:true|false|yes|no)\b/i.test(answer.trim());
    const isPercent = /%|percent/i.test(answer + question);
    return value < 0 || value > (isPercent ? 100 : 1);
  }
  if (value === undefined) return isUnsolved(question, answer);
  if (value < 0) return NOT_NEGATIVE.test(question) && !MAY_BE_NEGATIVE.test(question);
  return Math.abs(value - Math.round(value)) > INEXACT * value && asksForCount(question);
}

/** Whether a quantity is asked for, and the answer is still a formula of a letter that the question does not name: `c/2`. */
function isUnsolved(question: string, answer: string): boolean {
  if (!ASKS_FOR_QUANTITY.test(question) || !/^[\w\s.,*/+^()-]+$/.test(answer) || !/[*/+^]/.test(answer)) return false;
  const letters = answer.match(/(?<![A-Za-z])[A-Za-z]+/g) ?? [];
  return (
    letters.length > 0 &&
    letters.every((letter) => letter.length === 1) &&
    letters.some((letter) => !new RegExp(`(?<![A-Za-z])${letter}(?![A-Za-z])`, 'i').test(question))
  );
}

/** Whether the question asks how many whole things there are, and nothing else. */
function asksForCount(question: string): boolean {
  const counted = [...question.matchAll(COUNTED)].map(([, words = '']) => words);
  return counted.length > 0 && !counted.some((words) => MEASURED.test(words)) && !SHARED_OUT.test(question);
}
