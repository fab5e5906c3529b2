/**
 * How a teacher is named on the command line: a configuration file, or the oracle.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Teacher } from '../../contract/pipeline';
import { CliError } from '../terminal/cli-error';

const MISTAKES = ['wrongTool', 'wrongNumber', 'malformedStep', 'failingCode'];

/**
 * @param text `FILE` of a configuration, or `oracle:FILE` of gold trajectories
 * @param rates `wrongNumber=0.1` and the like, for the oracle
 */
export function parseTeacher(text: string, rates: readonly string[], seed: number): Teacher {
  const isOracle = text.startsWith('oracle:');
  const file = resolve(isOracle ? text.slice('oracle:'.length) : text);
  if (!existsSync(file))
    throw new CliError(
      `There is no file ${file}; --teacher takes a configuration, or oracle: and a file of gold trajectories.`,
      2,
    );
  if (!isOracle) {
    if (rates.length > 0) throw new CliError('--mistake belongs to the oracle; a model makes its own.', 2);
    return { kind: 'config', file };
  }
  return { kind: 'oracle', trajectories: file, mistakes: Object.fromEntries(rates.map(parseRate)), seed };
}

function parseRate(text: string): [string, number] {
  const [name = '', value = ''] = text.split('=');
  const rate = Number(value);
  if (!MISTAKES.includes(name) || value === '' || !(rate >= 0 && rate <= 1))
    throw new CliError(
      `--mistake ${text} is not one of ${MISTAKES.join(', ')} with a rate from 0 to 1, such as wrongNumber=0.1.`,
      2,
    );
  return [name, rate];
}
