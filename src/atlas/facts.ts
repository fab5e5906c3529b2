/** The bundled facts: data/atlas/<kind>.jsonl, one fact a line. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createFailure } from '../failures';

const factSchema = z.strictObject({
  entity: z.string().min(1),
  kind: z.string().min(1),
  attribute: z.string().min(1),
  /** A name, or a number in {@link unit}; years are numbers without one. */
  value: z.union([z.number(), z.string().min(1)]),
  unit: z.string().optional(),
  source: z.string().min(1),
  license: z.string().min(1),
});

export type Fact = z.infer<typeof factSchema>;

/** In the package and in the repository alike. */
const ATLAS_FOLDER = join(__dirname, '../../data/atlas');

/**
 * All facts, by file name and line.
 *
 * @throws ConfigurationInvalid when they are not there; Error with file and line for a line that is no fact
 */
export function loadFacts(folder: string = ATLAS_FOLDER): Fact[] {
  const files = namesIn(folder).filter((name) => name.endsWith('.jsonl'));
  return files.sort().flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .flatMap((line, at) => (line.trim() === '' ? [] : [parseFact(line, `${name}:${at + 1}`)])),
  );
}

/** Trying again does not bring files back: whoever asks for the facts ends with this. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw createFailure(
      'ConfigurationInvalid',
      `The bundled facts cannot be read from ${folder} (${(error as NodeJS.ErrnoException).code}). Install temporal-husky again, or name a search engine or index of your own.`,
    );
  }
}

function parseFact(line: string, place: string): Fact {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`${place} is not JSON: ${String(error)}`, { cause: error });
  }
  const parsed = factSchema.safeParse(value);
  if (!parsed.success) throw new Error(`${place} is not a fact: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
