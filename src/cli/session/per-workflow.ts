/** Decides how many questions share a workflow. */
import type { HuskyConfig } from '../../config';
import { MAX_BATCH } from '../../contract/batch';
import { MAX_BATCH_SAMPLES } from '../../contract/profile';
import { wholeNumber } from '../options/option-values';

/** Questions of one workflow with `journal: file`: fewer workflows need less CPU of the server. */
const USUAL_GROUP = 8;

export const PER_WORKFLOW_HELP = `questions that share one workflow, up to ${MAX_BATCH} (default: 1, with journal: file ${USUAL_GROUP} or fewer)`;
export const questionsTogether = wholeNumber(1, MAX_BATCH);

/** At least four workflows share the questions in flight, so that a slow question blocks few others. */
export function questionsPerWorkflow(
  { journal, samples }: Pick<HuskyConfig, 'journal' | 'samples'>,
  inFlight: number,
  wanted?: number,
): number {
  const most = Math.floor(MAX_BATCH_SAMPLES / samples);
  if (wanted !== undefined) return Math.min(wanted, inFlight, most);
  return journal === 'file' ? Math.min(USUAL_GROUP, most, Math.max(1, Math.floor(inFlight / 4))) : 1;
}

export function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
