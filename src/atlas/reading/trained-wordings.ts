/**
 * The sentences that the question generator writes, with their names, numbers and measures as marks. A question in one of them is asked
 * as it stands.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS, nameOf } from '../kinds';
import type { Mention } from './names';
import { plain } from './spelling';

let wordings: ReadonlySet<string> | undefined;

/** The names must stand as the atlas spells them. */
export function isTrainedWording(question: string, mentions: readonly Mention[]): boolean {
  wordings ??= new Set(JSON.parse(readFileSync(join(__dirname, 'sentences.json'), 'utf8')) as string[]);
  const isSpelled = mentions.every(({ start, end, meanings }) =>
    meanings.some(
      ({ name }) =>
        name === question.slice(start, end) ||
        (plain(name) !== plain(question.slice(start, end)) && name.includes(question.slice(start, end))),
    ),
  );
  return (
    isSpelled &&
    wordings.has(shapeOf(question, mentions)) &&
    isAsked(question, mentions) &&
    mentions.every((mention) => hasArticle(question, mention))
  );
}

/** Inventions are named with their article, and those of another name without one are unknown words: `dynamite`. */
function hasArticle(question: string, { start, meanings }: Mention): boolean {
  const mayLackIt = meanings.some(({ kind, name }) => kind !== 'invention' || !nameOf(kind, name).startsWith('the '));
  return mayLackIt || /\bthe $/i.test(question.slice(0, start)) || /^the /i.test(question.slice(start));
}

/** What happens to things of one kind alone. */
const HAPPENING: readonly [sign: RegExp, kind: string][] = [
  [/\bdiscovered\?/, 'element'],
  [/\bfirst climbed\?/, 'mountain'],
  [/\bcompleted\?/, 'building'],
  [/\binvented\?/, 'invention'],
  [/\bborn\?|^How old was .* in \d/, 'person'],
];

const OWNED = /\b(area|population|height|length|depth|diameter|capital|atomic number) of (?:the )?$/;

/** What "how deep" asks for. */
const HOW: Record<string, string> = { deep: 'depth', tall: 'height', high: 'height', wide: 'diameter', long: 'length' };

/** Whether the one thing can have what is asked: a state is not discovered, and a lake has no capital, though the sentence is known. */
function isAsked(question: string, mentions: readonly Mention[]): boolean {
  const [only, ...others] = mentions;
  if (!only || others.length > 0) return true;
  if (/\b(?:total|combined|average)\b/.test(question)) return false;
  const happening = HAPPENING.find(([sign]) => sign.test(question))?.[1];
  const before = question.slice(0, only.start);
  const [, owned = HOW[/^How (\w+) is (?:the )?$/.exec(before)?.[1] ?? '']] = OWNED.exec(before) ?? [];
  return only.meanings.some(
    ({ kind }) =>
      (happening === undefined || kind === happening || kind === 'invention') &&
      (owned === undefined || KINDS[kind]?.attributes[owned] !== undefined),
  );
}

const ATTRIBUTE = /\b(?:area|population|height|length|depth)\b/g;
const UNIT =
  /\b(?:square miles?|square kilometers?|kilometers?|meters?|square inch(?:es)?|square centimeters?|miles|feet|yards|acres)\b/g;
const EVENT =
  /§ (?:was (?:admitted to the Union|first climbed|completed|born|invented|discovered)|became a state|died)/g;
const MORE = /\b(?:larger|more populous|taller|longer|deeper)\b/g;

/** @internal exported for the program that writes the list */
export function shapeOf(question: string, mentions: readonly Mention[]): string {
  let text = '';
  let at = 0;
  for (const { start, end } of mentions) {
    text += `${question.slice(at, start)}§`;
    at = end;
  }
  return (text + question.slice(at))
    .replace(/\b[Tt]he §/g, '§')
    .replace(/§(?:, §)*(?: and §)?/g, '§')
    .replace(EVENT, '§ E')
    .replace(/\d[\d,.]*\d|\d/g, '#')
    .replace(ATTRIBUTE, 'A')
    .replace(UNIT, 'U')
    .replace(MORE, 'M');
}
