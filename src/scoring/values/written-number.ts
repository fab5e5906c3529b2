/**
 * Reads numbers in the notations of people, models and LaTeX: thousands, decimals, fractions, mixed numbers, powers of ten, repeating
 * decimals. Values are exact.
 */
import * as Q from './rational';
import type { Rational } from './rational';

const DECIMAL = String.raw`(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)`;
const EXPONENT = String.raw`(?:[eE][+-]?\d{1,4}|\s*(?:\\times|\\cdot|×|·|\*|x)\s*10\s*(?:\^|\*\*)\s*(?:\{\s*[+-]?\s*\d{1,4}\s*\}|\(?[+-]?\d{1,4}\)?))`;
const LATEX_FRACTION = String.raw`\\frac\s*(?:\{\s*([+-]?\s*${DECIMAL})\s*\}|\s?(\d))\s*(?:\{\s*([+-]?\s*${DECIMAL})\s*\}|(\d))`;

const MIXED_LATEX = new RegExp(String.raw`^(\d+)\s*${LATEX_FRACTION}`);
const FRACTION_LATEX = new RegExp(`^${LATEX_FRACTION}`);
const MIXED_PLAIN = /^(\d+)\s+(\d+)\s*\/\s*(\d+)/;
const FRACTION_PLAIN = new RegExp(String.raw`^(${DECIMAL})\s*\/\s*([+-]?${DECIMAL})`);
const REPEATING = /^(\d*)\.(\d*)\\(?:overline|bar|dot)\s*(?:\{\s*(\d+)\s*\}|(\d))/;
const PLAIN = new RegExp(String.raw`^(${DECIMAL})(${EXPONENT})?`);

/** Thousands of other countries and of programs: `1'234'567` and `1’234’567`, `12,34,567`, `1_234_567`, `1.234.567`. */
const GROUPED: readonly RegExp[] = [
  /^([-+]?\D?)(\d{1,3}(?:['’]\d{3})+)(?=$|[.\s%])/,
  /^([-+]?\D?)(\d{1,2}(?:,\d{2})+,\d{3})(?=$|[.\s%])/,
  /^([-+]?\D?)(\d{1,3}(?:_\d{3})+)(?=$|[.\s%])/,
  // One point may be a decimal one.
  /^([-+]?\D?)(\d{1,3}(?:\.\d{3}){2,})(?=$|[\s%])/,
];

const ungrouped = (text: string): string =>
  GROUPED.reduce(
    (plain, pattern) =>
      plain.replace(pattern, (_, sign: string, digits: string) => `${sign}${digits.replace(/\D/g, '')}`),
    text,
  );

/** `0.333...` and `0.1666\ldots`: the digits before the dots are repeated. */
const AND_SO_ON = /^(\D{0,3}\d*\.)(?:(\d*?)(\d)\3{2,}|()(\d)\5|(\d*?)(\d{2,}?)\7+)\s*(?:\.\.\.|…|\\l?dots)\s*$/;

const MAX_WITH_DOTS = 60;

const withPeriod = (text: string): string =>
  text.length > MAX_WITH_DOTS || !/(?:\.\.\.|…|dots)\s*$/.test(text)
    ? text
    : text.replace(AND_SO_ON, (_, head: string, ...groups: (string | undefined)[]) => {
        const [fixed, cycle] = [groups[0] ?? groups[4] ?? '', groups[1] ?? groups[3] ?? groups[5] ?? ''];
        return `${head}${fixed}\\overline{${cycle}}`;
      });

/** Thousands separators and fraction commands in one spelling. */
export function tidyNumber(text: string): string {
  return withPeriod(ungrouped(text))
    .replace(/^10\s*(?:\^|\*\*)\s*\{?\s*(\d{1,3})\s*\}?$/, '1e$1')
    .replace(/\\[dtc]frac/g, '\\frac')
    .replace(/(\d)\{,\}(?=\s*\d)/g, '$1,')
    .replace(/,\s*\\!\s*(?=\d{3})/g, ',')
    .replace(/(\d)(?:\\,|\\ |\\;|\\:|~)(?=\d{3}(?!\d))/g, '$1,')
    .replace(/(\d)(?:\\[ ,;:]|~)\s*(?=\\frac)/g, '$1 ')
    .replace(
      /^(\d{1,3})((?: \d{3})+)(?=$|\.)/,
      (_, head: string, rest: string) => `${head}${rest.replaceAll(' ', ',')}`,
    )
    .replace(/\\!/g, '')
    .replace(/(?<=[\d\s])([kcm]?m|ft|mi)([23])$/, '$1^$2')
    .replace(/\\left|\\right/g, '');
}

const DECIMAL_COMMA = /^([-+]?\s*(?:\\?[$€£]\s*)?)(\d+)(?:,|\{,\})(\d+)(\s*(?:\\?[%$€£]|[a-zA-Z]+)?)$/;
const POINTS_AND_COMMA = /^([-+]?\s*(?:\\?[$€£]\s*)?)(\d{1,3}(?:[. ]\d{3})+),(\d+)(\s*(?:\\?[%$€£]|[a-zA-Z]+)?)$/;

/** Rewrites a decimal comma as a point; undefined if the comma separates thousands or a list, or there is none. */
export function withDecimalPoint(text: string): string | undefined {
  const both = POINTS_AND_COMMA.exec(text);
  if (both !== null) return `${both[1]}${(both[2] as string).replace(/[. ]/g, '')}.${both[3]}${both[4]}`;
  const match = DECIMAL_COMMA.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', part = '', behind = ''] = match;
  const isThousands = part.length === 3 && whole.length <= 3 && !/^0/.test(whole);
  // 3,4 is a list of two.
  const isList = part.length === 1 && behind === '' && !/[$€£]/.test(sign) && whole !== '0';
  return isThousands || isList ? undefined : `${sign}${whole}.${part}${behind}`;
}

const decimal = (text: string): Rational | undefined => Q.parseDecimal(text.replaceAll(/[,\s]/g, ''));

/** A number at the beginning of a text. */
export interface WrittenNumber {
  value: Rational;
  /** Characters that it takes. */
  length: number;
  /** Decimal places as written, minus the power of ten; undefined for fractions and if none are left. */
  places: number | undefined;
  /** Significant digits as written; 0 for fractions, which are exact. */
  digits: number;
}

function significantDigits(text: string): number {
  return text.replace(/^[0,.]+/, '').replace(/[^\d]/g, '').length;
}

function fraction(above: string, below: string): Rational | undefined {
  const [n, d] = [decimal(above), decimal(below)];
  return n !== undefined && d !== undefined ? Q.divide(n, d) : undefined;
}

/** Reads a text from {@link tidyNumber}; undefined if it does not begin with a number. */
export function readNumber(text: string): WrittenNumber | undefined {
  const exact = (value: Rational | undefined, length: number, digits = 0): WrittenNumber | undefined =>
    value && { value, length, places: undefined, digits };
  let match = MIXED_LATEX.exec(text);
  if (match !== null) {
    const part = fraction((match[2] ?? match[3]) as string, (match[4] ?? match[5]) as string);
    return part && exact(Q.add(decimal(match[1] as string) as Rational, part), match[0].length);
  }
  match = FRACTION_LATEX.exec(text);
  if (match !== null) {
    return exact(fraction((match[1] ?? match[2]) as string, (match[3] ?? match[4]) as string), match[0].length);
  }
  match = MIXED_PLAIN.exec(text);
  if (match !== null) {
    const part = fraction(match[2] as string, match[3] as string);
    const whole = decimal(match[1] as string);
    return part && whole && exact(Q.add(whole, part), match[0].length);
  }
  match = FRACTION_PLAIN.exec(text);
  if (match !== null) return exact(fraction(match[1] as string, match[2] as string), match[0].length);
  match = REPEATING.exec(text);
  if (match !== null) {
    const [whole, head = '', fixed = '', group] = match;
    const cycle = group ?? (match[4] as string);
    const first = decimal(`${head}.${fixed}0`);
    const tail = first && Q.rational(BigInt(cycle), 10n ** BigInt(fixed.length) * (10n ** BigInt(cycle.length) - 1n));
    return first && tail && exact(Q.add(first, tail), whole.length);
  }
  match = PLAIN.exec(text);
  if (match === null) return undefined;
  const [whole, mantissa = '', power] = match;
  const value = decimal(mantissa);
  if (value === undefined) return undefined;
  const places = /\.(\d*)/.exec(mantissa)?.[1]?.length ?? 0;
  const digits = significantDigits(mantissa);
  if (power !== undefined) {
    const raised = /10/.test(power) && !/^[eE]/.test(power) ? power.replace(/^[^]*?10/, '') : power;
    const exponent = Number(/[+-]?\s*\d+(?=[^\d]*$)/.exec(raised.replaceAll(' ', ''))?.[0]);
    if (!Number.isInteger(exponent) || Math.abs(exponent) > Q.MAX_DIGITS) return undefined;
    const ten = 10n ** BigInt(Math.abs(exponent));
    const scaled = exponent >= 0 ? Q.rational(value.n * ten, value.d) : Q.rational(value.n, value.d * ten);
    const left = places - exponent;
    return scaled && { value: scaled, length: whole.length, places: left > 0 ? left : undefined, digits };
  }
  return { value, length: whole.length, places, digits };
}
