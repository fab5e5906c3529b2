/**
 * What a model is told about a program that ran.
 *
 * @module
 */
import type { RunResult } from './sandbox';

export interface RunDescription {
  /** The observation. */
  text: string;
  failed: boolean;
  /** Short traceback for a repair, when it failed. */
  errorText?: string;
}

/**
 * `default`: what was printed, else the value of the last expression. `husky-v1` (reference, section 5): anything on standard
 * error empties the result, nothing printed is `[FAIL]`, one number is rounded to 4 decimals and printed as a Python float.
 */
export function describeRun(run: RunResult, profile: 'default' | 'husky-v1'): RunDescription {
  const errorText = run.ok ? undefined : explain(run);
  if (profile === 'husky-v1') {
    const text = run.ok && run.stderr.trim() === '' ? asReference(run.stdout.trim()) : '';
    return { text, failed: !run.ok, errorText };
  }
  if (run.ok) {
    const text = run.stdout.trim() || run.value?.trim() || '';
    if (text) return { text, failed: false };
    return { text: '', failed: true, errorText: 'The program printed nothing. Print the result.' };
  }
  return { text: run.stdout.trim(), failed: true, errorText };
}

function explain({ limit, error }: RunResult): string {
  if (limit === 'time') return 'The program ran out of time.';
  if (limit === 'memory') return 'The program ran out of memory.';
  if (limit === 'crash') return 'The program crashed its process.';
  return error?.traceback ?? (error ? `${error.name}: ${error.message}` : 'The program failed.');
}

function asReference(text: string): string {
  if (text === '') return '[FAIL]';
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return text;
  return pythonFloat(Math.round(Number(text) * 1e4) / 1e4);
}

/** `18.0`, `0.3333`, `1.2345678901234567e+19`: how Python prints a float. */
function pythonFloat(value: number): string {
  const text = String(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined)
    return /\./.test(text) || !Number.isFinite(value)
      ? Math.abs(value) >= 1e16
        ? value.toExponential()
        : text
      : Math.abs(value) >= 1e16
        ? value.toExponential()
        : `${text}.0`;
  return `${mantissa}e${exponent}`;
}
