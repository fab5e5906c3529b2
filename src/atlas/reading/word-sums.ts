/** Sums in words, about things and people of all sorts. The experts know five forms of them, and write some number for any other. */

const N = String.raw`\d[\d,]*(?:\.\d+)?`;

const FORMS: readonly RegExp[] = [
  // 4 boxes of 6 pencils each, 3 shelves with 5 plates in each
  new RegExp(String.raw`\b${N} \w+ (?:of|with|containing|holding) ${N} [\w -]+?\b(?:each|apiece)\b`, 'i'),
  // 6,682 cards a day; each day
  new RegExp(
    String.raw`\b${N} [^.?!]*\b(?:a|an|each|per|every) (?:day|week|month|year|hour|minute)\b.*\b${N} (?:days|weeks|months|years|hours|minutes)\b`,
    'i',
  ),
  /\b(?:equally|evenly)\b/i,
  new RegExp(String.raw`\b${N} ?(?:percent|per cent|%) of (?:its |the |all |her |his |their )?${N} \w+`, 'i'),
  // has 69 bottles and gets 5 more
  new RegExp(String.raw`\b(?:has|had|have) ${N} [\w -]+?(?:,| and)? ?(?:then )?\w+ ${N} more\b`, 'i'),
];

export const isWordSum = (question: string): boolean => FORMS.some((form) => form.test(question));
