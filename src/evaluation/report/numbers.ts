/** Formats the report's numbers. */
import { percent, type Interval } from '../../scoring/statistics';

/** `62.5 to 71.0` */
export const range = ({ low, high }: Interval) => `${percent(low)} to ${percent(high)}`;

/** With its sign, in percentage points. */
export const points = (share: number) => `${share > 0 ? '+' : share < 0 ? '−' : ''}${percent(Math.abs(share))}`;

export const whole = (value: number) => Math.round(value).toLocaleString('en-US');

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function pValue(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
