/** Imports production solutions as training data: those that a person accepted, or whose answer a metric finds right. */
import { sha256 } from '../files/fingerprint';
import { trajectoryOf } from '../trajectory/from-solution';
import type { Trajectory } from '../trajectory/trajectory';
import { rejectionOf, type AnswerScorer } from './accept';
import { appendAt, openAppend } from '../files/append-file';
import { trajectoryPath } from './synthesis-folder';
import { goldText } from '../formats/gold';
import { readSolutions, type ReviewedSolution } from '../formats/solution';
import { readTrajectories } from '../formats/trajectory';
import { tally } from '../trajectory/tally';

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
  skipped: number;
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
  const present = new Set<string>();
  let next = 0;
  for await (const { trajectory } of readTrajectories([path])) {
    present.add(trajectory.id);
    if (typeof trajectory.index === 'number') next = Math.max(next, trajectory.index + 1);
  }
  const report: ImportReport = { read: 0, accepted: 0, skipped: 0, rejections: {} };
  for await (const solution of readSolutions(file)) {
    report.read += 1;
    const id = `${dataset}:${sha256(solution.workflowId).slice(0, 16)}:0`;
    if (present.has(id)) {
      report.skipped += 1;
      continue;
    }
    present.add(id);
    const trajectory = await judgedTrajectory(solution, { id, dataset, index: next }, score);
    next += 1;
    if (trajectory.accepted) report.accepted += 1;
    else tally(report.rejections, trajectory.rejection ?? '');
    offset = await appendAt(path, offset, [JSON.stringify(trajectory)]);
  }
  return report;
}

async function judgedTrajectory(
  solution: ReviewedSolution,
  origin: Pick<Trajectory, 'id' | 'dataset' | 'index'>,
  score: AnswerScorer,
): Promise<Trajectory> {
  const { accepted, gold, models, prompts } = solution;
  const trajectory = trajectoryOf(solution, {
    ...origin,
    gold: gold === undefined ? undefined : goldText(gold),
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
