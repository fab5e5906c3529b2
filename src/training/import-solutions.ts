/**
 * Production solutions as training data: those that a person accepted, or whose answer a metric finds right.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { describeIssue } from '../formats/describe-issue';
import { createFailure } from '../failures';
import { trajectoryOf } from '../trajectory/from-solution';
import type { Solution } from '../trajectory/step';
import type { Trajectory } from '../trajectory/trajectory';
import { rejectionOf, type AnswerScorer } from './accept';
import { appendAt, openAppend } from '../files/append-file';
import { readLines } from '../files/line-reader';
import { trajectoryPath } from './synthesis-folder';
import { readTrajectories } from '../formats/trajectory-file';

const step = z.object({
  tool: z.string(),
  step: z.string(),
  code: z.string().optional(),
  query: z.string().optional(),
  observation: z.string().optional(),
  output: z.string(),
  error: z.string().optional(),
});

/** A line of `husky solve --json`, with what a person or an application adds to it. */
const importedSchema = z.looseObject({
  question: z.string().min(1),
  answer: z.string(),
  stopReason: z.string(),
  steps: z.array(step),
  models: z.record(z.string(), z.string()),
  prompts: z.object({ style: z.string(), hashes: z.record(z.string(), z.string()) }),
  workflowId: z.string(),
  /** Whether a person found the answer right. */
  accepted: z.boolean().optional(),
  /** The label, where one is known. */
  gold: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

export interface ImportOptions {
  /** JSON lines of solutions. */
  file: string;
  /** Folder whose trajectories.jsonl they are added to. */
  out: string;
  /** Name in the trajectories' ids. @default 'imported' */
  dataset?: string;
  score: AnswerScorer;
}

export interface ImportReport {
  read: number;
  /** Added and accepted. */
  accepted: number;
  /** In the folder already, by workflow id. */
  known: number;
  rejections: Record<string, number>;
}

/** @throws InputInvalid at the first line that is not a solution */
export async function importSolutions({
  file,
  out,
  dataset = 'imported',
  score,
}: ImportOptions): Promise<ImportReport> {
  const path = trajectoryPath(out);
  let { offset } = await openAppend(path);
  const known = new Set<string>();
  let next = 0;
  for await (const { trajectory } of readTrajectories([path])) {
    known.add(trajectory.id);
    next = Math.max(next, trajectory.index + 1);
  }
  const report: ImportReport = { read: 0, accepted: 0, known: 0, rejections: {} };
  for await (const { text, number } of readLines(file)) {
    report.read += 1;
    const solution = parseSolution(text, `${basename(file)} line ${number}`);
    const id = `${dataset}:${createHash('sha256').update(solution.workflowId).digest('hex').slice(0, 16)}:0`;
    if (known.has(id)) {
      report.known += 1;
      continue;
    }
    known.add(id);
    const trajectory = await judgedHarvest(solution, { id, dataset, index: next }, score);
    next += 1;
    if (trajectory.accepted) report.accepted += 1;
    else report.rejections[trajectory.rejection ?? ''] = (report.rejections[trajectory.rejection ?? ''] ?? 0) + 1;
    offset = await appendAt(path, offset, [JSON.stringify(trajectory)]);
  }
  return report;
}

type ImportedSolution = z.infer<typeof importedSchema>;

async function judgedHarvest(
  solution: ImportedSolution,
  origin: Pick<Trajectory, 'id' | 'dataset' | 'index'>,
  score: AnswerScorer,
): Promise<Trajectory> {
  const { accepted, gold, models, prompts } = solution;
  const trajectory = trajectoryOf(solution as unknown as Solution, {
    ...origin,
    ...(gold === undefined ? {} : { gold: String(gold) }),
    source: {
      teacher: [...new Set(Object.values(models))].join(', '),
      style: 'imported',
      sample: 0,
      prompts: prompts.hashes,
    },
  });
  const byPerson: AnswerScorer = async () => accepted;
  const rejection =
    accepted === undefined
      ? await rejectionOf(trajectory, score)
      : await rejectionOf({ ...trajectory, gold: trajectory.gold ?? trajectory.answer }, byPerson);
  return rejection === undefined ? { ...trajectory, accepted: true } : { ...trajectory, accepted: false, rejection };
}

function parseSolution(text: string, place: string): ImportedSolution {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw createFailure('InputInvalid', `${place} is not JSON (${(error as Error).message}).`);
  }
  const result = importedSchema.safeParse(value);
  if (result.success) return result.data;
  throw createFailure(
    'InputInvalid',
    `${place} is not a solution: ${describeIssue(result.error.issues[0], 'the line')}.`,
  );
}
