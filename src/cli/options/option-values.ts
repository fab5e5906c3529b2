/** Reads the values of options: each function takes the text of the command line, and says what is wrong with it. */
import { InvalidArgumentError, Option } from 'commander';
import { ProgramError } from '../../process/program-error';

/** Languages of programs. */
export const LANGUAGES = ['javascript', 'python'] as const;

/** An option that takes one of some values. */
export function choice(flags: string, description: string, values: readonly string[], fallback?: string): Option {
  return new Option(flags, description).choices(values).default(fallback);
}

/** For options that may be repeated. */
export const repeated =
  <T>(read: (text: string) => T) =>
  (text: string, all: T[]): T[] => [...all, read(text)];

export function wholeNumber(minimum: number, maximum = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum)
      throw new InvalidArgumentError(
        `It must be a whole number, ${maximum < Infinity ? `${minimum} to ${maximum}` : `${minimum} or more`}.`,
      );
    return value;
  };
}

/** A port; 0 for a free one. */
export const port = wholeNumber(0, 65_535);

/** A number for which `fits` holds. @param bounds the end of "It must be a number above 0." */
const number = (bounds: string, fits: (value: number) => boolean) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !fits(value))
    throw new InvalidArgumentError(`It must be a number${bounds}.`);
  return value;
};

export const numberFrom0 = number(', 0 or more', (value) => value >= 0);
export const numberAbove0 = number(' above 0', (value) => value > 0);
export const share = number(' from 0 to 1', (value) => value >= 0 && value <= 1);
export const positiveUpTo = (most: number) =>
  number(` above 0 and at most ${most}`, (value) => value > 0 && value <= most);

/** Seconds, or a number with ms, s, m or h. @returns milliseconds */
export function duration(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const factors: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const ms = Math.round(Number(number) * (factors[unit] ?? NaN));
  if (!(ms > 0)) throw new InvalidArgumentError('It must be a time such as 30s, 5m or 500ms.');
  return ms;
}

/** @throws ProgramError (2) that lists the names @param what is named, as in "There is no module x" */
export function oneOf<Name extends string>(names: readonly Name[], what: string, given: string, shown = given): Name {
  const name = names.find((known) => known === given);
  if (name === undefined) throw new ProgramError(`There is no ${what} ${shown}; there are ${names.join(', ')}.`, 2);
  return name;
}

/** Names behind commas. */
export const listed = (text: string): string[] => text.split(',').map((name) => name.trim());

/** `name=value`; undefined for a text of another form. */
export function named(text: string): [name: string, value: string] | undefined {
  const at = text.indexOf('=');
  return at < 1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}
