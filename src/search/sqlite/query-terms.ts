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
export const formsOf = (word: string): readonly string[] =>
  FORMS.find((forms) => forms.includes(word)) ?? [
    ...new Set([
      word,
      plain(word),
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

/** `Wi-Fi`, `e-mail`, `check-in`: written in one word by others. */
const COMPOUND = /(?<![\p{L}\p{N}-])(?:\p{L}{1,3}-\p{L}+|\p{L}+-\p{L}{1,3})(?![\p{L}\p{N}-])/gu;

/** Words of a text that are often typed in another way than the tokenizer keeps them, as they are typed. */
export function plainWords(text: string): string {
  const composed = text.normalize('NFC');
  const words = new Set(composed.match(/[\p{L}\p{M}]+/gu));
  const typed = [...words].flatMap((word) => (plain(word) === fold(word) ? [] : [plain(word)]));
  const compounds = (composed.match(COMPOUND) ?? []).map((word) => plain(word.replace('-', '')));
  return [...new Set([...typed, ...compounds])].join(' ');
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

/** The terms, each once, without stop words and single letters, unless there are only those. */
export function queryTerms(query: string): Term[] {
  const written = joined(query).match(new RegExp(`${COMPOUND.source}|[\\p{L}\\p{N}\\p{M}]+(?:\\+\\+|#)?`, 'gu')) ?? [];
  // If all words are capitalized, capitals mean nothing.
  const telling = written.length <= 3 || !written.every(startsWithCapital);
  const terms = new Map<string, Term>();
  let name = 0;
  for (const [index, raw] of written.entries()) {
    const word = fold(raw.replace(/[+#]+$/, ''));
    const signed = /[+#]$/.test(raw) ? { signed: raw.toLowerCase() } : {};
    const mayBeName = telling && startsWithCapital(raw) && !STOP_WORDS.has(word);
    const isName = mayBeName && (index > 0 || written.length === 1);
    if (!isName) name += 1;
    if (!terms.has(word) || isName)
      terms.set(word, { word, ...signed, ...(isName ? { name } : mayBeName ? { mayBeName } : {}) });
  }
  const all = [...terms.values()];
  const isWord = ({ word, signed }: Term) =>
    word.length > 1 || signed !== undefined || /\p{N}|\p{Script=Han}/u.test(word);
  const telltale = all.filter((term) => !STOP_WORDS.has(term.word) && isWord(term));
  return telltale.length > 0 ? telltale : all;
}

const startsWithCapital = (word: string) => /^\p{Lu}/u.test(word);

/** An FTS5 expression that matches any of the words, each as a quoted string; a Korean word also where a particle follows it. */
export function matchAny(words: readonly string[]): string {
  return words
    .map((word) => `"${word.replaceAll('"', '')}"${/\p{Script=Hangul}$/u.test(word) ? ' *' : ''}`)
    .join(' OR ');
}
