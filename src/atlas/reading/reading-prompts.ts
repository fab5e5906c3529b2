/**
 * The bundled experts' prompts with reading before them and a check behind them. Models of two million parameters write something for any
 * question; what stands on nothing becomes "I don't know".
 *
 * @module
 */
import type { PromptFields, PromptSet } from '../../prompts/prompt';
import { EMPTY_SEARCH_OUTPUT } from '../../trajectory/solution-history';
import { plain } from './spelling';
import { readQuestion, type ReadQuestion } from './read-question';

/** As the action generator would say it. */
export const UNKNOWN = "[finish] I don't know.";
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
      if (module === 'query') return isAbout(fields.step, text) ? text : phraseOf(fields.step, text);
      if (module === 'search-rewrite') return isAbout(fields.step, fields.observation) ? text : EMPTY_SEARCH_OUTPUT;
      return text;
    },
  };
}

const FIND = /^\s*\[search\] Find the .+? of (.+?)\.?\s*$/;

/** The action, or {@link UNKNOWN} where it rests on nothing that was asked or found. */
function grounded(text: string, { question, isOutside, unsigned }: ReadQuestion, { history }: PromptFields): string {
  if (isOutside || history.at(-1)?.output === EMPTY_SEARCH_OUTPUT) return UNKNOWN;
  const shown = plain([question, ...history.map(({ output }) => output)].join(' '));
  const [, sought] = FIND.exec(text) ?? [];
  if (sought !== undefined && !shown.includes(plain(sought).replace(/^the /, ''))) return UNKNOWN;
  if (!/^\s*\[finish\]/.test(text)) return text;
  const numbers = plain(text.replaceAll(',', '')).match(/\d+/g) ?? [];
  const seen = plain([question, ...history.map(({ output }) => output)].join(' ').replaceAll(',', ''));
  if (numbers.some((number) => !seen.includes(number))) return UNKNOWN;
  return unsigned ? text.replace(/(The answer is )-(?=\d)/, '$1') : text;
}

/** A step names what it seeks; a query that lost the name is no query. */
function phraseOf(step = '', query: string): string {
  return /^Find the (.+?)\.?$/.exec(step)?.[1] ?? query;
}

/** Whether a query or a search result names what the step asks for. */
function isAbout(step = '', observation = ''): boolean {
  const [, sought] = /^Find the .+? of (.+?)\.?$/.exec(step) ?? [];
  return sought === undefined || plain(observation).includes(plain(sought).replace(/^the /, ''));
}
