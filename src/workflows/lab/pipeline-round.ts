/** What a plan says about one of its rounds: folders, settings, training jobs, and the experts that teach the next round. */
import type { PipelinePlan, Teacher } from '../../contract/pipeline';
import type { TrainingJob, TrainingSettings } from '../../contract/training';
import type { ModuleName } from '../../trajectory/modules';
import { upTo } from './by-round';

export const folderOf = ({ out }: PipelinePlan, round: number): string => `${out}/round-${round}`;

export const expertsOf = (plan: PipelinePlan, round: number): string => `${folderOf(plan, round)}/experts`;

/** A round's experts as a teacher, with their servers where the pipeline is to run them. */
export function asTeacher(plan: PipelinePlan, round: number): Teacher {
  const { server, start } = plan.serve;
  const isServed = start === true && server !== 'gguf';
  const folder = expertsOf(plan, round);
  return { kind: 'config', file: `${folder}/husky.yaml`, ...(isServed ? { serve: `${folder}/serve.sh` } : {}) };
}

/** Identifies a round's experts: the results of their training, including hashes of weights. */
export function expertPaths(plan: PipelinePlan, round: number): string[] {
  if (round < 1) return [];
  const folder = expertsOf(plan, round);
  return [`${folder}/husky.yaml`, ...trained(plan).map((module) => `${folder}/${module}/result.json`)];
}

/** Whether a round trains the previous round's experts further, not the base again. */
export const isFurther = ({ train }: PipelinePlan, round: number): boolean => round > 1 && train.further === true;

export function settingsOf({ train: { settings, settingsFromRound } }: PipelinePlan, round: number): TrainingSettings {
  return Object.assign({}, settings, ...upTo(round, settingsFromRound));
}

export function trainingJobs(plan: PipelinePlan, round: number): TrainingJob[] {
  const { backend, base, device } = plan.train;
  const settings = settingsOf(plan, round);
  return trained(plan).map((module) => ({
    module,
    backend,
    base: isFurther(plan, round) ? expertsOf(plan, round - 1) : base,
    device,
    settings,
    data: `${folderOf(plan, round)}/training-set/${module}`,
    out: `${expertsOf(plan, round)}/${module}`,
  }));
}

function trained({ train, extract }: PipelinePlan): ModuleName[] {
  return train.modules ?? extract.modules;
}
