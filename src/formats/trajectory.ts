/** Trajectories, one JSON object a line: their reader and schema (data/trajectory.schema.json). */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LineRange } from '../files/line-reader';
import { createFailure } from '../failures';
import { TRAJECTORY_VERSION, type Trajectory } from '../trajectory/trajectory';
import { readJsonLines } from './json-lines';
import { indexSchema } from './question';

const step = z.object({
  tool: z.string().regex(/^\w+$/, 'a tool is named by letters, digits and underscores, without brackets'),
  step: z.string().min(1),
  code: z.string().optional(),
  query: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  observation: z.string().optional(),
  output: z.string(),
});

/** Unknown fields are dropped, so that files of later minor versions can be read. */
export const trajectorySchema = z.object({
  version: z.literal(TRAJECTORY_VERSION, {
    error: ({ input }) =>
      input === undefined
        ? 'missing; a trajectory is a line that npx temporal-husky synthesize wrote. npx temporal-husky import-solutions makes them of solutions (docs/formats.md)'
        : `is not ${TRAJECTORY_VERSION}, which this version of Husky reads`,
  }),
  id: z.string().min(1),
  dataset: z.string().min(1),
  index: indexSchema,
  question: z.string().min(1),
  gold: z.string().optional(),
  answer: z.string(),
  finish: z.string().optional(),
  steps: z.array(step),
  source: z.object({
    teacher: z.string(),
    style: z.enum(['trajectory', 'modular', 'scripted', 'imported']),
    sample: z.int().min(0),
    prompts: z.record(z.string(), z.string()).optional(),
  }),
  accepted: z.boolean(),
  rejection: z.string().optional(),
}) satisfies z.ZodType<Trajectory>;

/** The file that `synthesize` writes into its folder. */
export const TRAJECTORY_FILE = 'trajectories.jsonl';

/**
 * The trajectory files of a path: the file itself, or the `.jsonl` files directly in a folder, in order of name.
 *
 * @throws InputInvalid when there is none
 */
export async function trajectoryFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw createFailure('InputInvalid', `No trajectories at ${path}: no such file or folder.`);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.jsonl')).sort();
  if (names.length === 0) throw createFailure('InputInvalid', `No trajectories in ${path}: no .jsonl file is in it.`);
  return names.map((name) => join(path, name));
}

/**
 * Reads trajectories one by one. A last line that a kill has torn is left out.
 *
 * @throws InputInvalid at the first line that is not a trajectory, with file, line number and field
 */
export async function* readTrajectories(
  paths: readonly string[],
  range: LineRange = {},
): AsyncGenerator<{ trajectory: Trajectory; where: string }> {
  for (const path of paths)
    for await (const { value, where } of readJsonLines(path, 'a trajectory', trajectorySchema, {
      ...range,
      torn: 'last',
    }))
      yield { trajectory: value, where };
}
