/** Turns a query into terms; no part of a query is read as FTS5 syntax. */
import { withoutAccents } from '../../trajectory/bounded-text';
import { cutWords } from './unspaced-words';

/** Words of questions that do not name their subject. */
const STOP_WORDS = new Set(
  `a about also an and are as at be been being by can could did do does find for from get give had has have how i if in into is it its
  kind kinds let look many me much my no not of off on or our out over please search should show so some tell than that the their them then there
  these they this those to type types up was we were what whats when where which while who whom whose why will with would you your`.split(
    /\s+/,
  ),
);

export interface Term {
  /** Folded: lower case, Latin letters without diacritics. */
  word: string;
  /**
   * Set for a word of a name: written with a capital, and not only because it begins the query. Neighbouring words (`Mount Washington`)
   * have the same number, because they name one thing.
   */
  name?: number;
  /** Set for a word with a capital that begins the query: a name in `Ludacris music genre`, none in `Highest mountain of Texas`. */
  mayBeName?: boolean;
  /** With its signs, in lower case, if these tell it from others: `c++`, `c#`. */
  signed?: string;
  /** Set for `U.S.`, `US` and `R&D`: the letters, which others write with or without points. */
  letters?: string;
}

/** Words of one meaning that the Porter stemmer does not bring together: questions say `died` and `tall`, facts say `death` and `height`. */
const FORMS = [
  'die dies died dead death',
  'born birth',
  'tall taller tallest high higher highest height',
  'deep deeper deepest depth',
  'long longer longest length',
  'wide wider widest width',
  'heavy heavier heaviest weigh weighs weight',
  'fast faster fastest speed',
  'old older oldest age',
  'populous population',
  'cost costs price prices',
].map((forms) => forms.split(' '));

/** The word and others of its meaning. */
export const formsOf = ({ word, letters }: Pick<Term, 'word' | 'letters'>): readonly string[] =>
  FORMS.find((forms) => forms.includes(word)) ?? [
    ...new Set([
      word,
      plain(word),
      compatible(word) ?? word,
      ...(letters ? [letters.toLowerCase(), [...letters.toLowerCase()].join(' ')] : []),
      word.replace(PARTICLE, ''),
      ...(LETTERS_AND_NUMBER.test(word) ? [apart(word)] : []),
      ...(LARGE.test(word) ? [grouped(word)] : []),
    ]),
  ];

/** `gpt4`, which others write `GPT-4`. */
const LETTERS_AND_NUMBER = /^(\p{L}+)(\p{N}+)$/u;
const apart = (word: string) => word.replace(LETTERS_AND_NUMBER, '$1 $2');

/** `4810`, which others write `4,810`: for the tokenizer, `4 810`. */
const LARGE = /^\d{4,}$/;
const grouped = (word: string) => word.replace(/\d(?=(?:\d{3})+$)/g, '$& ');
const THOUSANDS = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g;

/** `GPT-4`, `E-1042`; not `pre-2000`, where the number is a year. */
const HYPHENED = /(?<![\p{L}\p{N}])(\p{L}(?=-\p{N})|\p{L}+(?=-\p{N}{1,3}(?![\p{L}\p{N}])))-(\p{N}+)(?![\p{L}\p{N}])/gu;

/** As the tokenizer `unicode61` folds words: it takes marks off Latin letters, and off no others. */
const fold = (word: string) => withoutAccents(word).toLowerCase();

/** Letters that have no mark for Unicode, and that many keyboards lack; `ё` is mostly written `е`. */
const PLAIN: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ё: 'е',
};

/** The word as it is often typed: `αθηνα`, `lodz`, `strasse`, Arabic and Hebrew without vowels. */
const plain = (word: string) =>
  fold(word)
    .replace(/[ßæœøłđðþıё]/g, (letter) => PLAIN[letter] as string)
    .normalize('NFD')
    .replace(/(?<=[\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]\p{M}*)\p{M}+/gu, '')
    .normalize('NFC');

/** Where other characters would change the value: `10²` is not 102, nor `2½` 21⁄2. */
const RAISED = /\p{Nd}\p{No}/u;

/** `h2o` of `H₂O`, `sony` of `Ｓｏｎｙ`, `カメラ` of `ｶﾒﾗ`: in the characters that keyboards have. Undefined where it has these. */
function compatible(word: string): string | undefined {
  const plainer = word.normalize('NFKC');
  const changesValue = RAISED.test(word) || plainer.includes('\u2044');
  return plainer === word || changesValue ? undefined : fold(cutWords(plainer));
}

/** `Wi-Fi`, `e-mail`, `check-in`: written in one word by others. */
const COMPOUND = /(?<![\p{L}\p{N}-])(?:\p{L}{1,3}-\p{L}+|\p{L}+-\p{L}{1,3})(?![\p{L}\p{N}-])/gu;

/** Words of a text that are often typed in another way than the tokenizer keeps them, as they are typed. */
export function plainWords(text: string): string {
  const composed = text.normalize('NFC');
  const words = new Set(composed.match(/[\p{L}\p{M}]+/gu));
  const typed = [...words].flatMap((word) => (plain(word) === fold(word) ? [] : [plain(word)]));
  const others = (composed.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).flatMap((word) => compatible(word) ?? []);
  const compounds = (composed.match(COMPOUND) ?? []).map((word) => plain(word.replace('-', '')));
  return [...new Set([...typed, ...others, ...compounds])].join(' ');
}

/** `New York City`, `Bureau of Labor Statistics`: three to five words with capitals. */
const LONG_NAME = /\p{Lu}\p{L}+(?: (?:of |the |and |for )?\p{Lu}\p{L}+){2,4}/gu;

/** Initials of the long names in a text: `nyc`, `bls`. */
export function initialsOf(text: string): string {
  const names = (text.normalize('NFC').match(LONG_NAME) ?? []).map((name) =>
    name
      .split(' ')
      .filter((word) => !STOP_WORDS.has(word.toLowerCase()))
      .map((word) => fold(word.slice(0, 1)))
      .join(''),
  );
  return [...new Set(names)].filter(({ length }) => length > 2).join(' ');
}

/** Korean writes particles at the end of a word. */
const PARTICLE = /(?<=\p{Script=Hangul}{2})(?:에서|으로|[은는이가을를의에로와과도])$/u;

const joined = (text: string) =>
  cutWords(text)
    .replace(HYPHENED, '$1$2')
    .replace(THOUSANDS, (number) => number.replaceAll(',', ''));

/** Runs of letters and digits; `GPT-4` is one. */
export function wordsOf(text: string): string[] {
  return fold(joined(text)).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** `U.S.`, `U.K`, `R&D`, `AT&T`. */
const INITIALISM = /(?<![\p{L}\p{N}.&])(?:\p{Lu}(?:\.\p{Lu})+\.?|\p{Lu}{1,3}(?:&\p{Lu}{1,3})+)(?![\p{L}\p{N}])/u;
const WRITTEN = new RegExp(`${INITIALISM.source}|${COMPOUND.source}|[\\p{L}\\p{N}\\p{M}]+(?:\\+\\+|#)?`, 'gu');
const IS_INITIALISM = new RegExp(`^(?:${INITIALISM.source})$`, 'u');
/** `US`, `UK`: others write points. */
const CAPITALS = /^\p{Lu}{2,4}$/u;

/** The terms, each once, without stop words and letters that stand for nothing, unless there are only those. */
export function queryTerms(query: string): Term[] {
  const text = joined(query);
  const matches = [...text.matchAll(WRITTEN)];
  const written = matches.map(([raw]) => raw);
  // If all words are capitalized, capitals mean nothing.
  const telling = written.length <= 3 || !written.every(startsWithCapital);
  const shouted = !/\p{Ll}/u.test(query);
  const terms = new Map<string, Term & { alone: boolean }>();
  let name = 0;
  for (const [index, raw] of written.entries()) {
    const initials = IS_INITIALISM.test(raw);
    const word = initials ? fold(raw.replace(/[.&]/g, ' ')).trim() : fold(raw.replace(/[+#]+$/, ''));
    const signed = /[+#]$/.test(raw) ? { signed: raw.toLowerCase() } : {};
    const letters = initials || (CAPITALS.test(raw) && !shouted) ? { letters: raw.replace(/[.&]/g, '') } : {};
    const before = written[index - 1];
    const alone = telling && isAlone(text, matches[index] as RegExpExecArray, before);
    const isOfName = initials && startsWithCapital(written[index + 1] ?? '');
    const mayBeName =
      telling && startsWithCapital(raw) && !isOfName && (alone ? !/^[AI]$/.test(raw) : !STOP_WORDS.has(word));
    const isName = mayBeName && (index > 0 || written.length === 1);
    if (!isName) name += 1;
    if (!terms.has(word) || isName)
      terms.set(word, { word, ...signed, ...letters, ...(isName ? { name } : mayBeName ? { mayBeName } : {}), alone });
  }
  const all = [...terms.values()];
  const isWord = ({ word, signed, alone }: (typeof all)[number]) =>
    alone || (!STOP_WORDS.has(word) && (word.length > 1 || signed !== undefined || /\p{N}|\p{Script=Han}/u.test(word)));
  const telltale = all.filter(isWord);
  return (telltale.length > 0 ? telltale : all).map(({ alone: _, ...term }) => term);
}

/** A capital between spaces that tells one thing from others: `Vitamin K`, `World War I`. An initial before a surname does not: `George W. Bush`. */
function isAlone(text: string, { 0: raw, index }: RegExpExecArray, before = ''): boolean {
  if (!/^\p{Lu}$/u.test(raw) || /\S$/.test(text.slice(0, index))) return false;
  const behind = text.slice(index + 1);
  if (!/^(?:[?!,;:.]*(?:\s|$)|['’]s)/.test(behind) || /^\.?\s+\p{Lu}/u.test(behind)) return false;
  // The article and the pronoun stand behind anything.
  return !/^[AI]$/.test(raw) || (startsWithCapital(before) && !STOP_WORDS.has(fold(before)));
}

const startsWithCapital = (word: string) => /^\p{Lu}/u.test(word);

/** An FTS5 expression that matches any of the words, each as a quoted string; a Korean word also where a particle follows it. */
export function matchAny(words: readonly string[]): string {
  return words
    .map((word) => `"${word.replaceAll('"', '')}"${/\p{Script=Hangul}$/u.test(word) ? ' *' : ''}`)
    .join(' OR ');
}
