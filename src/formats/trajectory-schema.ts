/**
 * The wire format of a trajectory: what a line of a trajectory file must hold. docs/formats.md shows it as a JSON Schema.
 *
 * @module
 */
import { z } from 'zod';
import { describeIssue } from './describe-issue';
import { TRAJECTORY_VERSION, type Trajectory } from '../trajectory/trajectory';

const step = z.object({
  tool: z.string().regex(/^\w+$/, 'a tool is named by letters, digits and underscores, without brackets'),
  step: z.string().min(1),
  code: z.string().optional(),
  query: z.string().optional(),
  observation: z.string().optional(),
  output: z.string(),
});

/** Unknown fields are kept out, so that a file of a later minor version can still be read. */
export const trajectorySchema = z.object({
  version: z.literal(TRAJECTORY_VERSION),
  id: z.string().min(1),
  dataset: z.string().min(1),
  index: z.int(),
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

/**
 * Reads one line.
 *
 * @param place where the line stands, for the message, e.g. `train.jsonl line 3`
 * @throws TrajectoryFormatError naming the place and the field
 */
export function parseTrajectory(line: string, place: string): Trajectory {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new TrajectoryFormatError(`${place} is not JSON (${(error as Error).message}).`);
  }
  const result = trajectorySchema.safeParse(value);
  if (result.success) return result.data;
  throw new TrajectoryFormatError(
    `${place} is not a trajectory: ${describeIssue(result.error.issues[0], 'the line')}.`,
  );
}

/** A line that cannot be read; the message says which and why. */
export class TrajectoryFormatError extends Error {
  override readonly name = 'TrajectoryFormatError';
}
