/** Where the shared data lie beside the repository; undefined on machines without them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Gold, Scores } from '../../src/scoring/metric';

const shared = process.env['HUSKY_SHARED'] ?? path.join(__dirname, '../../../shared');

export function sharedFolder(name: string): string | undefined {
  const folder = path.join(shared, 'data', name);
  if (existsSync(folder)) return folder;
  process.stderr.write(`${name} is skipped: there is no shared/data/${name}; set HUSKY_SHARED to the shared folder.\n`);
  return undefined;
}

export interface PublicVerdict {
  dataset: string;
  gold: Gold;
  prediction: string | null;
  scores: Scores | null | 'timeout';
  error?: string;
  kind: string;
  inner_timeout?: boolean;
  reference_bug?: boolean;
  bug?: 'false_accept' | 'false_reject';
  debatable?: boolean;
}

export function readJsonLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

export function publicVerdicts(folder: string): PublicVerdict[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readJsonLines<PublicVerdict>(path.join(folder, name)));
}
