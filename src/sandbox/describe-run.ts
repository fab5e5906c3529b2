/** Describes the run of a program to a model. */
import { floatText, pythonFloat } from '../trajectory/python-text';
import { limitError } from './answer';
import type { OutputStyle, RunResult } from './sandbox';

export interface RunDescription {
  /** The observation. */
  text: string;
  failed: boolean;
  /** What went wrong, short, with line numbers: for a repair by the code generator. */
  errorText?: string;
}

/**
 * `default`: what was printed, else the value of the last expression. `husky-v1` (reference, section 5): anything on standard
 * error empties the result, nothing printed is `[FAIL]`, one number is rounded to 4 decimals and printed as a Python float.
 */
export function describeRun(run: RunResult, style: OutputStyle): RunDescription {
  const errorText = run.ok ? undefined : explain(run);
  if (style === 'husky-v1') {
    const text = run.ok && run.stderr === '' ? asReference(run.stdout.trim()) : '';
    return { text, failed: !run.ok, ...(errorText === undefined ? {} : { errorText }) };
  }
  if (errorText !== undefined) return { text: run.stdout.trim(), failed: true, errorText };
  const text = run.stdout.trim() || run.value?.trim() || '';
  if (/^Promise \{ <pending> \}$/.test(text))
    return {
      text,
      failed: true,
      errorText: 'The program printed a promise before it had settled. Await it, then print.',
    };
  const object = WITHOUT_VALUES.exec(text.slice(text.lastIndexOf('\n') + 1))?.[0];
  if (object !== undefined)
    return { text, failed: true, errorText: `The program printed \`${object}\`, not what is in it. Print the values.` };
  if (text !== '') return { text, failed: false };
  return { text: '', failed: true, errorText: 'The program printed nothing. Print the result.' };
}

/** How Python and JavaScript print functions, iterators and objects: without what they hold. */
const WITHOUT_VALUES =
  /<[^<>\n]{1,80}(?:<[^<>\n]{0,40}>)?[^<>\n]{0,40} at 0x[0-9a-f]+>|Object \[Generator\] \{\}|\[object Object\]|\[(?:Async)?(?:Generator)?Function\b[^\]\n]{0,80}\]/;

function explain({ limit, error }: RunResult): string {
  const advice = error?.advice === undefined ? '' : ` ${error.advice}`;
  if (limit !== undefined) return `${limitError(limit).message}${advice}`;
  const text = error?.traceback ?? (error ? `${error.name}: ${error.message}` : 'The program failed.');
  return error?.advice === undefined ? text : `${text}\n${error.advice}`;
}

function asReference(text: string): string {
  if (text === '') return '[FAIL]';
  const value = pythonFloat(text);
  return value === undefined ? text : floatText(roundHalfEven(value));
}

/** Python's `round(x, 4)`: the decimal nearest to the exact binary value, ties to even. */
function roundHalfEven(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 52) return value;
  // The decimals of a binary fraction; a hundred are enough to recognize a tie.
  const [whole = '0', fraction = ''] = Math.abs(value).toFixed(100).split('.');
  const kept = BigInt(whole + fraction.slice(0, 4).padEnd(4, '0'));
  const rest = fraction.slice(4).replace(/0+$/, '');
  const up = rest > '5' || (rest === '5' && kept % 2n === 1n);
  const digits = String(kept + (up ? 1n : 0n)).padStart(5, '0');
  const rounded = Number(`${digits.slice(0, -4)}.${digits.slice(-4)}`);
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}
