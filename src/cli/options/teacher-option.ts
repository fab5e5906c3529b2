/** Reads the teacher on the command line: a configuration file, or the scripted teacher. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Teacher } from '../../contract/pipeline';
import { ProgramError } from '../../process/program-error';
import { named } from './option-values';

const MISTAKES = ['wrongTool', 'wrongNumber', 'malformedStep', 'failingCode'];

/**
 * @param text `FILE` of a configuration, or `scripted:FILE` of gold trajectories
 * @param rates `wrongNumber=0.1` and the like, for the scripted teacher
 */
export function parseTeacher(text: string, rates: readonly string[], seed: number): Teacher {
  const isScripted = text.startsWith('scripted:');
  const file = resolve(isScripted ? text.slice('scripted:'.length) : text);
  if (!existsSync(file))
    throw new ProgramError(
      `There is no file ${file}; --teacher takes a configuration, or scripted: and a file of gold trajectories.`,
      2,
    );
  if (!isScripted) {
    if (rates.length > 0)
      throw new ProgramError('--mistake belongs to the scripted teacher; a model makes its own.', 2);
    return { kind: 'config', file };
  }
  return { kind: 'scripted', trajectories: file, mistakes: Object.fromEntries(rates.map(parseRate)), seed };
}

function parseRate(text: string): [string, number] {
  const [name, value] = named(text) ?? ['', ''];
  const rate = Number(value);
  if (!MISTAKES.includes(name) || value === '' || !(rate >= 0 && rate <= 1))
    throw new ProgramError(
      `--mistake ${text} is not one of ${MISTAKES.join(', ')} with a rate from 0 to 1, such as wrongNumber=0.1.`,
      2,
    );
  return [name, rate];
}
