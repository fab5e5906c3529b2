/**
 * Names of things whose facts a question asks for: `How many people live in Ohio and Utah together?` tells nothing of either. Workflow code
 * runs this, so it follows plain rules. A word problem tells its numbers, and mostly in several sentences: then nothing is named here.
 */

/** What tells more numbers can be computed from them: 3 of 7,473 word problems of gsm8k/train tell fewer in a sentence that names somebody. */
const MAX_NUMBERS = 2;
const NUMBER_WORDS =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|halves|twice|thrice|double|triple|quarter|third|thirds|hundred|thousand|million|billion';
const NUMBER = new RegExp(`(?<![\\p{L}\\d.,])\\d[\\d.,]*|\\b(?:${NUMBER_WORDS})\\b`, 'giu');
/** How exactly the answer is wanted, and no number that it is computed from. */
const ROUNDING =
  /\bto (?:the nearest [\w -]{1,20}|(?:\w+ ){1,2}(?:decimal places?|decimals?|significant (?:figures|digits)))/gi;
const SENTENCE_END = /(?<!\b(?:Mt|St|Dr|Mr|Mrs|Ms|Jr|Sr|No|vs|\p{Lu}))[.?!]\s+(?=\p{Lu})|\n/u;
/** Words that a sentence begins with and that are no name, and names that have no facts of their own. */
const NO_NAME = new Set(
  `a an and are at between by calculate but can compare compute could did do does find for from give had has have he her his how i if in is it its name of on she suppose
  tell the that there these they this to was were their what when where which who whose why will with would
  january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday`.split(
    /\s+/,
  ),
);
const NAME =
  /\p{Lu}[\p{L}\p{M}\d'’.-]*(?:\s+(?:(?:of|de|del|da|di|do|van|von|al|la|le|the)\s+){0,2}\p{Lu}[\p{L}\p{M}\d'’.-]*)*/gu;

/** Words with a capital in a row, as they stand, without what begins a sentence. */
export function namesOf(text: string): string[] {
  return [...text.matchAll(NAME)].flatMap(([run]) => {
    const words = run.split(/\s+/);
    while (words.length > 0 && NO_NAME.has((words[0] ?? '').toLowerCase())) words.shift();
    const name = words.join(' ').replace(/[’']s$|[.'’-]+$/g, '');
    return name.length > 1 ? [name] : [];
  });
}

/** @returns the names in a question of one sentence that tells too few numbers to be computed; else none */
export function namesAskedAbout(question: string): string[] {
  const asked = question.trim().replace(ROUNDING, '');
  if (SENTENCE_END.test(asked) || /[\\{}[\]|=]/.test(asked)) return [];
  if ([...asked.matchAll(NUMBER)].length > MAX_NUMBERS) return [];
  return [...new Set(namesOf(asked))];
}
