/** Checks equations such as `12 x 3 = 36` and `7021 = 7 × 17 × 59` in a text. Longer sums are not evaluated. */

const GROUPS = String.raw`\d{1,3}(?:[ \u00A0\u202F'’]\d{3})+(?!\d)(?:[.,]\d+)?`;
const NUMBER = String.raw`[-−]?[$€£¥]?[-−]?(?:${GROUPS}|\d+(?:[.,]\d+)*)(?:\s?(?:%|[$€£¥](?!\d)))?`;
/** Before the left number there must be no part of a longer number, power, name or time, and no operator of a longer sum. */
const BEFORE = String.raw`(?<![\p{L}\d_.,:^'’}\]$€£¥%])(?<![)*/x×÷·+\-−–^]\s*)`;
/** After the result the equation must not continue, and no word may change its size. */
const AFTER = String.raw`(?![\d^!/×÷·]|\*{1,2}\d|\s*[-+−–*/x×÷·^]\s*[$€£¥(]?\d|[.,]\d|\s*(?:hundred|thousand|million|billion|trillion|dozen|k\b)|\s*[-+−–*×÷·^/]\s*(?:\\|\p{L}(?!\p{L}))|\s*\(?\\?[bp]?mod\b)`;
const EQUATION = new RegExp(
  String.raw`${BEFORE}(${NUMBER})\s*([-+−–*×·/÷]|x(?!\s*[-−]))\s*(${NUMBER})\s*(=|≈|equals)\s*(${NUMBER})${AFTER}`,
  'giu',
);

const WHOLE = String.raw`\d{1,3}(?:,\d{3})+|\d+`;
/** Of whole numbers, and the equation ends there. */
const PRODUCT = new RegExp(
  String.raw`${BEFORE}(${WHOLE})\s*=\s*((?:${WHOLE})(?:\s*[×·*]\s*(?:${WHOLE}))+)(?!\s*[=≈(\p{L}%])${AFTER}`,
  'gu',
);

/** `$302 million - $148 million = $154 million`: the same word three times changes nothing. */
const SCALED = new RegExp(
  String.raw`(${NUMBER})\s+(thousand|million|billion|trillion)\s*([-+−–])\s*(${NUMBER})\s+\2\s*=\s*(${NUMBER})\s+\2\b`,
  'giu',
);

const OPERATIONS: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};
const SIGNS: Record<string, string> = { '−': '-', '–': '-', x: '*', '×': '*', '·': '*', '÷': '/' };
const LATEX: readonly [RegExp, string][] = [
  [/\\times\b/g, '×'],
  [/\\cdot\b/g, '·'],
  [/\\div\b/g, '÷'],
  [/\{,\}/g, ','],
  [/\\([$%])/g, '$1'],
];

/** Notations of thousands and decimals: 1,234.5 or 1.234,5. Spaces and apostrophes separate thousands in both. */
const NOTATIONS = [
  { written: /^\d+(?:\.\d+)?$|^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$/, thousands: /,/g, decimal: '.' },
  { written: /^\d+(?:,\d+)?$|^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/, thousands: /\./g, decimal: ',' },
];
type Notation = (typeof NOTATIONS)[number];

/** The first equation that is wrong by more than the rounding of its last digit; undefined when all hold or there is none. */
export function falseEquation(text: string): string | undefined {
  const plain = LATEX.reduce((so, [from, to]) => so.replace(from, to), text).replace(SCALED, '$1 $3 $4 = $5 ');
  for (const [equation, ...parts] of plain.matchAll(EQUATION)) {
    const verdicts = NOTATIONS.map((notation) => holds(parts, notation)).filter((verdict) => verdict !== undefined);
    if (verdicts.length > 0 && !verdicts.includes(true)) return equation.trim();
  }
  return undefined;
}

/** The first product of whole numbers that is not the number before it; undefined when all are. */
export function falseProduct(text: string): string | undefined {
  const plain = LATEX.reduce((so, [from, to]) => so.replace(from, to), text);
  for (const [equation, whole = '', product = ''] of plain.matchAll(PRODUCT)) {
    const factors = product.split(/[×·*]/).map((factor) => valueOf(factor));
    if (factors.reduce((so, factor) => so * factor, 1) !== valueOf(whole)) return equation.trim();
  }
  return undefined;
}

const valueOf = (whole: string) => Number(whole.replace(/[,\s]/g, ''));

/** Undefined if the notation does not fit, or the equation may mean something else. */
function holds([one = '', sign = '', other = '', equals = '', stated = '']: string[], notation: Notation) {
  const [left, right, result] = [read(one, notation), read(other, notation), read(stated, notation)];
  const name = SIGNS[sign.toLowerCase()] ?? sign;
  const operation = OPERATIONS[name];
  if (!left || !right || !result || !operation) return undefined;
  const percents = [left, right, result].filter(({ percent }) => percent).length;
  const isSum = name === '+' || name === '-';
  // "0.022 × 100 = 2.2%" makes per cent of a share.
  if (name === '*' && result.percent && [left, right].some(({ value, percent }) => value === 100 && !percent))
    return Math.abs(left.value * right.value - result.value) <= 10 ** -result.decimals * 0.5 + 1e-9 || undefined;
  // "100 + 10 % = 110" adds a share of the first number.
  if (isSum && percents % 3 !== 0) return undefined;
  const scale = (number: Read) => (number.percent && !isSum ? number.value / 100 : number.value);
  const expected = operation(scale(left), scale(right));
  if (!Number.isFinite(expected)) return undefined;
  // A quotient may be truncated; other results are rounded.
  const share = name === '/' ? 1 - 1e-9 : 0.5 + 1e-9;
  const zeros = equals === '≈' ? (/[1-9](0*)$/.exec(result.digits)?.[1]?.length ?? 0) : 0;
  const slack = 10 ** (zeros - result.decimals) * share * (result.percent && !isSum ? 0.01 : 1);
  if (Math.abs(expected - scale(result)) <= slack) return true;
  // "Step 5 300 + 400 = 700" is no sum of 5,300.
  return /\d \d/.test(one) ? undefined : false;
}

interface Read {
  value: number;
  /** Trailing zeros of an integer, to see how it was rounded. */
  digits: string;
  decimals: number;
  percent: boolean;
}

function read(written: string, { written: form, thousands, decimal }: Notation): Read | undefined {
  const bare = written.replace(/[-−$€£¥%\s\u00A0\u202F'’]/g, '');
  if (!form.test(bare)) return undefined;
  const digits = bare.replace(thousands, '').replace(decimal, '.');
  const [, decimals = ''] = digits.split('.');
  const value = Number(digits) * (/[-−]/.test(written) ? -1 : 1);
  return { value, digits, decimals: decimals.length, percent: written.includes('%') };
}
