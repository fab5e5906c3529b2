/**
 * Trajectory files: one JSON object a line, read in a stream.
 *
 * @module
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createFailure } from '../failures';
import type { Trajectory } from '../trajectory/trajectory';
import { readLines } from '../files/line-reader';
import { parseTrajectory, TrajectoryFormatError } from './trajectory-schema';

export interface PlacedTrajectory {
  trajectory: Trajectory;
  /** For messages: `trajectories.jsonl line 3`. */
  place: string;
}

/** What a run of `synthesize` writes into its folder. */
export const TRAJECTORY_FILE = 'trajectories.jsonl';

/**
 * The trajectory files that a path names: the file itself, or the `.jsonl` files directly in a folder, by name.
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
 * Reads trajectories one by one. A last line that was torn when its writer was killed is left out.
 *
 * @throws InputInvalid at the first line that is not a trajectory, with file, line number and field
 */
export async function* readTrajectories(paths: readonly string[]): AsyncGenerator<PlacedTrajectory> {
  for (const path of paths) {
    const name = basename(path);
    for await (const line of readLines(path)) {
      const place = `${name} line ${line.number}`;
      const trajectory = parseOrTorn(line.text, place, line.ended);
      if (trajectory) yield { trajectory, place };
    }
  }
}

function parseOrTorn(text: string, place: string, ended: boolean): Trajectory | undefined {
  try {
    return parseTrajectory(text, place);
  } catch (error) {
    if (!(error instanceof TrajectoryFormatError)) throw error;
    if (!ended) return undefined;
    throw createFailure('InputInvalid', error.message);
  }
}
