/** Questions of a chat that lean on the one before: "And K2?", "What about the Rhine?", "And in feet?", "When was she born?". */
import { findNames } from './names';
import { plain } from './spelling';

/** As the endpoint writes earlier turns above a question (src/endpoint/conversation.ts). */
const QUESTION = /^Question: */m;
const USER = /^User: (.+)$/gm;
/** "And", "What about", "than", and nothing else: the question before is asked of another thing. */
const ONLY_LEADS = /^(?:and|or|but|so|now|then|what|how|about|of|for|in|the|same|with|is|it|than|please|ok|okay| )*$/;
const IN_UNIT = /^(?:and |what about |how about |how much is that |what is that )*(?:in|to|per|rounded)\b/i;

const OF_SEVERAL = /\b(?:they|them|these|those|both|(?:the )?(?:two|three|four)|each other)\b/i;
const PERSON = /\b(?:he|she|his|her)\b/i;

/** @param text a question, with instructions, earlier turns or examples above it, whose names are not asked about */
export function lastQuestion(text: string): string {
  const [above = '', ...rest] = text.split(QUESTION);
  const last = (rest.at(-1) ?? above).replace(/\n\s*Answer:\s*$/, '');
  if (rest.length !== 1) return last;
  const asked: string[] = [];
  for (const [, said = ''] of above.matchAll(USER)) asked.push(meant(said, asked));
  return meant(last, asked);
}

/** @param earlier questions that stand for themselves */
function meant(question: string, earlier: readonly string[]): string {
  const before = earlier.at(-1) ?? '';
  const known = findNames(before);
  if (known.length === 0) return question;
  const bare = question.trim().replace(/[?.!\s]+$/, '');
  const [name, ...more] = findNames(question);
  if (!name) {
    if (IN_UNIT.test(bare))
      return `${before.replace(/[?.!\s]+$/, '')} ${bare.slice(bare.search(/\b(?:in|to|per|rounded)\b/i))}?`;
    if (PERSON.test(bare) && /\binvent/.test(before))
      return bare.replace(PERSON, `the inventor of ${namesOf(before)[0]}`);
    const told = OF_SEVERAL.test(bare) ? earlier.flatMap(namesOf) : namesOf(before);
    return `${[...new Set(told)].join(' and ')}. ${question}`;
  }
  const beside = plain(`${bare.slice(0, name.start)} ${bare.slice(name.end)}`);
  if (more.length > 0 || !ONLY_LEADS.test(beside)) return question;
  const replaced = /\bthan\b/.test(beside) ? known.at(-1)! : known[0]!;
  return before.slice(0, replaced.start) + question.slice(name.start, name.end) + before.slice(replaced.end);
}

const namesOf = (text: string) => findNames(text).map(({ start, end }) => text.slice(start, end).replace(/['’]s$/, ''));
