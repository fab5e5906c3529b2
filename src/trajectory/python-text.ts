/** Python's text functions that Husky-v1 relies on: float(), str(float), whitespace, digits of all scripts. */

const FLOAT = /^[+-]?(?:(?:\d(?:_?\d)*)(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i;
const SPACE = '[\\s\\x1c-\\x1f\\x85]';
const EDGES = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');
const SPACES = new RegExp(`${SPACE}+`);

/** str.strip(); a byte order mark is no space to Python. */
export function strip(text: string): string {
  return text.includes('\ufeff') ? stripExceptMark(text) : text.replace(EDGES, '');
}

function stripExceptMark(text: string): string {
  return text.replaceAll('\ufeff', '\ue000').replace(EDGES, '').replaceAll('\ue000', '\ufeff');
}

/** str.split() */
export function words(text: string): string[] {
  return strip(text).split(SPACES).filter(Boolean);
}

/** Digits of any script as ASCII. */
export const asciiDigits = (text: string): string => text.replace(/(?![0-9])\p{Nd}/gu, asciiDigit);

/** Scripts have ten digits in a row, some of them several rows: the distance to the beginning tells which one it is. */
function asciiDigit(char: string): string {
  const code = char.codePointAt(0) as number;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++;
  return String(before % 10);
}

/** float(text); undefined if Python raises ValueError. */
export function pythonFloat(text: string): number | undefined {
  const plain = strip(text);
  const special = SPECIAL.exec(plain);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return NaN;
    return special[1] === '-' ? -Infinity : Infinity;
  }
  const ascii = asciiDigits(plain);
  return FLOAT.test(ascii) ? Number(ascii.replaceAll('_', '')) : undefined;
}

/** str(float) */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
    const digits = exponent.slice(1).padStart(2, '0');
    return `${mantissa}e${exponent[0]}${digits}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** math.isclose with the reference's absolute tolerance. */
export function isClose(a: number, b: number): boolean {
  if (a === b) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= Math.max(1e-9 * Math.max(Math.abs(a), Math.abs(b)), 1e-3);
}
