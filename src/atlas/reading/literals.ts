/** The numbers that a question brings with it: 1,800 miles, 58 km a day, 1911, 100 million people. */

export interface Literal {
  value: number;
  /** As the atlas names units; absent for a year and for a count. */
  unit?: string;
  /** Per hour, per day. */
  isRate: boolean;
  /** The time of a rate: hour. */
  per?: string;
  isYear: boolean;
}

const SCALES: Record<string, number> = {
  hundred: 1e2,
  thousand: 1e3,
  k: 1e3,
  million: 1e6,
  mio: 1e6,
  billion: 1e9,
  bn: 1e9,
  lakh: 1e5,
  crore: 1e7,
};
const UNITS: readonly [unit: string, words: string][] = [
  ['square kilometers', '(?:square|sq\\.?) ?(?:kilomet(?:er|re)s?|kms?)'],
  ['square miles', '(?:square|sq\\.?) ?(?:miles?|mi)'],
  ['acres', 'acres?'],
  ['hectares', 'hectares?'],
  ['kilometers', 'kilomet(?:er|re)s?|kms?|k(?: ?.s)?'],
  ['nautical miles', 'nautical miles?|nmi'],
  ['miles', 'miles?|mi'],
  ['square meters', '(?:square|sq\\.?) ?met(?:er|re)s?|sqm'],
  ['square feet', '(?:square|sq\\.?) ?(?:feet|foot|ft)|sqft'],
  ['meters', 'met(?:er|re)s?|m'],
  ['centimeters', 'cent[ie]met(?:er|re)s?|cms?'],
  ['feet', 'feet|foot|ft'],
  ['yards', 'yards?|yds?'],
];
const ANY_UNIT = UNITS.map(([, words]) => words).join('|');
const RATE =
  'kmh|kph|mph|km\\/h|\\/ ?s|(?:\\/|per|an?|each|every|on an?|to the) ?(?:lit(?:er|re)|gallon|tank|charge|day|hour|hr|h|minute|min|week|second|month|lap|trip|step)s?|(?:hourly|daily)|(?:in|on) (?:an?|one) (?:\\w+ )?(?:hour|day)';
const NUMBER = new RegExp(
  `(?<![§#\\w.,-])(\\d{1,3}(?:[, ]\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?|\\.\\d+)(?:(?:st|nd|rd|th)(?= (?:anniversary|birthday|jubilee)))?(?: ?(${Object.keys(SCALES).join('|')})\\b)?(?: ?-?(${ANY_UNIT})\\b(?: of (?:height|altitude|ascent|climb\\w*|river|road|trail))?)?(?: ?(${RATE})\\b)?(?![\\w])`,
  'g',
);
/** Numbers that count something about the asking itself: places, letters, exercises. */
const ASIDE_BEFORE =
  /\b(?:question|round|exercise|ex|class|no|nr|(?<!atomic |element )number|chapter|page|item|task|q|part|grade|section|line|row|step)\.? ?$/;
const ASIDE_AFTER =
  /^(?: ?-? ?(?:decimals?|dp|d\.p|digits?|places?|letters?|significant|sig|marks?|points?|pts)\b|\) *[a-z§]|[a-z]\b)/;

const TEENS = 'thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
/** The fiftieth birthday. */
const ORDINAL = new RegExp(
  `\\b(${TENS.map((ten) => ten.replace(/y$/, '')).join('|')})ieth(?= (?:anniversary|birthday))`,
  'g',
);
const COUNTS = ['a', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'twelve'];
const COUNT_WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const countIn = (word: string) => [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12][COUNTS.indexOf(word)]!;
const COUNTED = new RegExp(`(?<!nearest )\\b(half a|${COUNTS.join('|')}) (hundred|thousand|million|billion)\\b`, 'g');
const TEN = new RegExp(`\\b(${TENS.join('|')})(?:[- ](${COUNTS.slice(1, 10).join('|')}))?\\b(?!-)`, 'g');

/** "1 ft = 0.3048 m": what the factors here say, too. */
const CONVERSION = new RegExp(
  `\\b(?:1|one|a) ?(?:${ANY_UNIT}) ?(?:=|is|being|equals|as) ?[\\d.]+ ?(?:${ANY_UNIT})\\b|\\b[\\d.]+ ?(?:${ANY_UNIT}) to (?:the|a|one) (?:nautical )?(?:mile|foot)\\b`,
  'g',
);

const DECIMAL_COMMA = new RegExp(`(?<![\\d.,])(\\d{1,3}),(\\d{1,2})(?= ?(?:${ANY_UNIT})\\b)`, 'g');

/** Six feet; not "the two feet". */
const IN_UNIT = new RegExp(`(?<!\\b(?:the|nearest) )\\b(${COUNTS.slice(2).join('|')})(?= ?-?(?:${ANY_UNIT})\\b)`, 'g');

/** Numbers in words as digits: seventy, half a million. */
const inDigits = (text: string) =>
  text
    .replace(CONVERSION, '')
    .replace(/(?<=\d )(?:vertical|linear|running) (?=m|f|y|k)/g, '')
    // Of so many things: "3 Eiffel Towers".
    .replace(
      /(?<![\w.,#§]|\b(?:question|exercise|no\.?|top) )([2-9]|1[0-2]) (?=§)/g,
      (_, count: string) => `${COUNT_WORDS[Number(count)]} `,
    )
    // A decimal comma.
    .replace(DECIMAL_COMMA, '$1.$2')
    .replace(/\ba quarter of a (million|billion)\b/g, (_, scale: string) => String(0.25 * SCALES[scale]!))
    .replace(/\b(\w+) and a half (million|billion)\b/g, (whole, count: string, scale: string) =>
      COUNTS.includes(count) ? String((countIn(count) + 0.5) * SCALES[scale]!) : whole,
    )
    .replace(/\b(half )?a (?:full |whole )?century\b/g, (_, half?: string) => (half ? '50 years' : '100 years'))
    .replace(IN_UNIT, (_, count: string) => String(countIn(count)))
    .replace(/\b\w+teen\b/g, (word) => (TEENS.includes(word) ? String(TEENS.indexOf(word) + 13) : word))
    .replace(ORDINAL, (_, ten: string) => `${(TENS.findIndex((one) => one.startsWith(ten)) + 2) * 10}th`)
    .replace(/\bhundredth(?= (?:anniversary|birthday))/g, '100th')
    .replace(COUNTED, (_, count: string, scale: string) =>
      String((count === 'half a' ? 0.5 : countIn(count)) * SCALES[scale]!),
    )
    .replace(TEN, (_, ten: string, one?: string) =>
      String((TENS.indexOf(ten) + 2) * 10 + (one ? COUNTS.indexOf(one) : 0)),
    )
    .replace(/\b(\d+) ?(?:cents|pence|p)\b(?=.*\b(?:euros?|dollars?|pounds?)\b)/g, (_, cents: string) =>
      String(Number(cents) / 100),
    );

/** @returns the text with `#0` for the first number, and the numbers */
export function findLiterals(text: string): { text: string; literals: Literal[] } {
  const literals: Literal[] = [];
  const written = inDigits(text);
  const marked = written.replace(
    NUMBER,
    (
      whole: string,
      digits: string,
      scale: string | undefined,
      unit: string | undefined,
      rate: string | undefined,
      at: number,
    ) => {
      const [before, after] = [written.slice(0, at), written.slice(at + whole.length)];
      const value = Number(digits.replace(/[, ]/g, '')) * (scale === undefined ? 1 : SCALES[scale]!);
      const isYear =
        unit === undefined && scale === undefined && /^(?:1[0-9]|20)\d\d$/.test(digits) && rate === undefined;
      const isAside =
        (ASIDE_BEFORE.test(before) && !isYear && unit === undefined && scale === undefined) || ASIDE_AFTER.test(after);
      if (isAside || /^ ?(?:square |sq |mi|km)?[^#]{0,12}= *$/.test(after)) return whole;
      const named =
        unit === undefined
          ? rate === 'mph'
            ? 'miles'
            : /^k/.test(rate ?? '')
              ? 'kilometers'
              : undefined
          : unitOf(unit);
      const [per] =
        /second|minute|hour|day|week/.exec(rate?.replace(/\b(?:k[mp]h|mph|h|hr)\b|hourly/, 'hour') ?? '') ?? [];
      literals.push({
        value,
        isRate: rate !== undefined,
        isYear,
        ...(named ? { unit: named } : {}),
        ...(per ? { per } : {}),
      });
      return `#${literals.length - 1}`;
    },
  );
  return { text: marked, literals };
}

export const unitOf = (written: string) => UNITS.find(([, words]) => new RegExp(`^(?:${words})$`).test(written))?.[0];

/** The unit that an answer is wanted in: the first that the text names beside no number. */
export function askedUnit(text: string, own: string | undefined): string | undefined {
  if (own === undefined) return undefined;
  const isSquare = own.startsWith('square');
  const fitting = UNITS.filter(([unit]) => isSquare === /^(?:square|acres|hectares)/.test(unit));
  const written = fitting.map(([, words]) => words).join('|');
  const said = text.replace(/\bper (?:square|sq)\.? ?\w+/g, '');
  const [, found] =
    new RegExp(`\\bhow many (${written})\\b`).exec(said) ??
    new RegExp(`(?<![#\\w])(?:per )?\\b(${written})\\b`).exec(said) ??
    [];
  if (found === undefined) return undefined;
  // From one to another: "km to mi".
  const [, other] = new RegExp(`\\b${found} (?:to|into|in|->) (?:the )?(${ANY_UNIT})\\b`).exec(text) ?? [];
  return unitOf(other ?? found);
}

/** Factors from a unit of the atlas to another one. */
const FACTORS: Record<string, Record<string, number>> = {
  kilometers: {
    'nautical miles': 0.539957,
    miles: 0.621371,
    meters: 1000,
    centimeters: 1e5,
    feet: 3280.84,
    yards: 1093.61,
  },
  meters: { centimeters: 100, feet: 3.28084, kilometers: 0.001, yards: 1.09361, miles: 0.000621371 },
  'square miles': {
    'square kilometers': 2.58999,
    'square meters': 2589988,
    'square feet': 27878400,
    acres: 640,
    hectares: 258.999,
  },
  'square kilometers': {
    'square miles': 0.386102,
    'square meters': 1e6,
    'square feet': 10763910,
    hectares: 100,
    acres: 247.105,
  },
};

export const factorBetween = (own: string | undefined, wanted: string | undefined): number =>
  (own !== undefined && wanted !== undefined && FACTORS[own]?.[wanted]) || 1;
