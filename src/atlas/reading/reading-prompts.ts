/**
 * The bundled experts' prompts with reading before them and a check behind them. Models of two million parameters write something for any
 * question; what stands on nothing becomes "I don't know".
 */
import type { PromptFields, PromptSet } from '../../prompts/prompt';
import { EMPTY_SEARCH_OUTPUT } from '../../trajectory/solution-history';
import { KINDS } from '../kinds';
import { changeAnswer, UNKNOWN } from './answer-change';
import { findNames } from './names';
import { nextAction } from './plans';
import { bothYears, copiedInto, otherSearch, printed, wholePhrases, FIND, TWICE } from './copies';
import { plain } from './spelling';
import { readQuestion, type ReadQuestion } from './read-question';

const KEPT = 256;

/** @param prompts of style `compact`, over the bundled atlas */
export function readingPrompts(prompts: PromptSet): PromptSet {
  const known = new Map<string, ReadQuestion>();
  const read = (question: string): ReadQuestion => {
    let found = known.get(question);
    if (!found) {
      if (known.size >= KEPT) known.delete(known.keys().next().value ?? '');
      known.set(question, (found = readQuestion(question)));
    }
    return found;
  };
  return {
    ...prompts,
    render: (module, fields, modelName) =>
      prompts.render(module, { ...fields, question: read(fields.question).question }, modelName),
    readOutput: (module, text, fields) => {
      if (fields === undefined) return text;
      if (module === 'action') return grounded(text, read(fields.question), fields);
      if (module === 'query') return asksFor(fields.step, text) ? text : phraseOf(fields.step, text);
      if (module === 'search-rewrite')
        return isAbout(fields.step, fields.observation) ? copied(fields, text) : EMPTY_SEARCH_OUTPUT;
      if (module === 'code') return copiedInto(text, fields);
      if (module === 'code-rewrite') return printed(fields.observation, text);
      return text;
    },
  };
}

/** The action, or {@link UNKNOWN} where it rests on nothing that was asked or found. */
function grounded(
  text: string,
  { question, isOutside, change, plan }: ReadQuestion,
  { history }: PromptFields,
): string {
  if (isOutside || history.at(-1)?.output === EMPTY_SEARCH_OUTPUT) return UNKNOWN;
  if (plan) {
    const action = nextAction(plan, history);
    return change && /^\[finish\] The answer/.test(action) ? changeAnswer(action, change) : action;
  }
  const shown = plain([question, ...history.map(({ output }) => output)].join(' '));
  const [, sought] = FIND.exec(text) ?? [];
  const other = otherSearch(text, question, history);
  if (other !== undefined) return other;
  const twice = TWICE.exec(text);
  if (twice) return bothYears(text, twice, question);
  if (sought !== undefined && (!shown.includes(plain(sought).replace(/^the /, '')) || !hasSought(text, sought)))
    return UNKNOWN;
  if (!/^\s*\[finish\]/.test(text)) return wholePhrases(text, history, question);
  const numbers = plain(text.replaceAll(',', '')).match(/\d+/g) ?? [];
  const seen = plain([question, ...history.map(({ output }) => output)].join(' ').replaceAll(',', ''));
  if (numbers.some((number) => !seen.includes(number))) return lastResult(history) ?? UNKNOWN;
  const whole = numbers.length === 0 ? wholeName(text, seen, history.at(-1)?.output) : text;
  return change ? changeAnswer(lastResult(history) ?? whole, change) : whole;
}

/** Whether such things have what is sought: a mountain has no year of discovery. */
function hasSought(text: string, sought: string): boolean {
  const [, attribute = ''] = /Find the (.+?) of /.exec(text) ?? [];
  const [mention] = findNames(sought);
  return !mention || mention.meanings.some(({ kind }) => KINDS[kind]?.attributes[attribute] !== undefined);
}

/** What the last program printed, if it is a number: the action generator loses its sign. */
function lastResult(history: PromptFields['history']): string | undefined {
  const [, number] = /^The result is (-?\d[\d,.]*?)\.?$/.exec(history.at(-1)?.output ?? '') ?? [];
  return number === undefined ? undefined : `[finish] The answer is ${number}.`;
}

/** The answer as the last step has it, where the answer is a name that nothing shown has. */
function wholeName(text: string, seen: string, last = ''): string {
  const [, answer = ''] = /The answer is (.+?)\.?$/.exec(text.trim()) ?? [];
  const [, found] = /^The .+ is ([^\d]+?)\.$/.exec(last) ?? [];
  if (answer === '' || seen.includes(plain(answer))) return text;
  if (found !== undefined) return `[finish] The answer is ${found}.`;
  return /^\p{Lu}/u.test(answer) ? UNKNOWN : text;
}

/** `Germany (country): population 83,783,942.` */
const FACT = /^([^\n]+?) \([^()\n]+\): ([^\n]+?)\.$/;

/** The sentence about a search result, with the result's own value if the model copied another. */
function copied({ step = '', observation = '' }: PromptFields, text: string): string {
  const [, attribute = '', name = ''] = /^Find the (.+?) of (.+?)\.?$/.exec(step) ?? [];
  const [, owner = '', fact = ''] = FACT.exec(observation.trim()) ?? [];
  if (attribute === '' || fact === '') return text;
  // The atlas has the thing, and not what is sought of it.
  if (!fact.startsWith(`${attribute} `)) return EMPTY_SEARCH_OUTPUT;
  // The country whose capital is Windhoek.
  if (fact === `${attribute} ${name}`) return `The ${attribute} of ${owner} is ${name}.`;
  return `The ${attribute} of ${name} is ${fact.slice(attribute.length + 1)}.`;
}

/** A step names what it seeks; a query that lost the name is no query. */
function phraseOf(step = '', query: string): string {
  return /^Find the (.+?)\.?$/.exec(step)?.[1] ?? query;
}

/** Whether a query names the thing that the step asks about, and what is asked about it, and does not repeat itself. */
function asksFor(step = '', query: string): boolean {
  const [, attribute = ''] = /^Find the (.+?) of .+?\.?$/.exec(step) ?? [];
  return query.length <= step.length && isAbout(step, query) && plain(query).includes(plain(attribute));
}

/** Whether a search result names what the step asks for. */
function isAbout(step = '', observation = ''): boolean {
  const [, sought] = /^Find the .+? of (.+?)\.?$/.exec(step) ?? [];
  return sought === undefined || plain(observation).includes(plain(sought).replace(/^the /, ''));
}
