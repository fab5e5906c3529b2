/** Attacks and benign programs: the public corpus beside the repository when it is there, and our own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxLanguage } from '../../src/sandbox';

export interface Attack {
  id: string;
  language: SandboxLanguage;
  class: string;
  code: string;
  note: string;
}

export interface Benign {
  id: string;
  language: SandboxLanguage;
  code: string;
  expect_stdout: string;
}

const PUBLIC = join(process.env.HUSKY_SHARED ?? join(__dirname, '../../../shared'), 'data/sandbox');
const OWN = __dirname;

export const hasPublicCorpus = existsSync(join(PUBLIC, 'attacks.jsonl'));
export const attacks = both<Attack>('attacks.jsonl');
export const benign = both<Benign>('benign.jsonl');

function both<T>(name: string): T[] {
  return [join(PUBLIC, name), join(OWN, name)].filter((file) => existsSync(file)).flatMap((file) => lines<T>(file));
}

function lines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}
