/**
 * Equations such as `12 x 3 = 36` in a text, and whether they hold. Nothing is evaluated but two numbers and one sign.
 *
 * @module
 */

const NUMBER = String.raw`-?\$?\d[\d,]*(?:\.\d+)?`;
const EQUATION = new RegExp(
  String.raw`(?<![\d.)*/x×÷+-]\s?)(${NUMBER})\s*(\+|-|−|–|\*|x|×|·|/|÷)\s*(${NUMBER})\s*(?:=|≈|equals)\s*(${NUMBER})(%?)`,
  'gu',
);

const OPERATIONS: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};
const SIGNS: Record<string, string> = { '−': '-', '–': '-', x: '*', '×': '*', '·': '*', '÷': '/' };

/** The first equation that is wrong by more than the rounding of its last digit; undefined when all hold or there is none. */
export function falseEquation(text: string): string | undefined {
  for (const [equation, left = '', sign = '', right = '', result = '', percent] of text.matchAll(EQUATION)) {
    const operation = OPERATIONS[SIGNS[sign] ?? sign];
    if (!operation || percent) continue;
    const expected = operation(valueOf(left), valueOf(right));
    const decimals = /\.(\d+)/.exec(result)?.[1]?.length ?? 0;
    // A quotient may have been cut off where others are rounded.
    const slack = 10 ** -decimals * (operation === OPERATIONS['/'] ? 1 - 1e-9 : 0.5 + 1e-9);
    if (Number.isFinite(expected) && Math.abs(expected - valueOf(result)) > slack) return equation.trim();
  }
  return undefined;
}

const valueOf = (written: string) => Number(written.replace(/[$,]/g, ''));
