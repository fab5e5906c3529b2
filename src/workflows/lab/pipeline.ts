/**
 * From questions to experts: synthesize, extract, train, evaluate, in rounds (expert iteration). The experts of a round teach the next: their
 * correct trajectories are added to the data, and the rounds end when the evaluation no longer improves.
 */
import { defineQuery, defineSignal, executeChild, setHandler, workflowInfo } from '@temporalio/workflow';
import type { ExtractResult } from '../../activities/lab/pipeline';
import type { EvaluationProgress } from '../../contract/evaluation';
import type { PipelinePlan, PipelineProgress, PipelineStage, RoundReport, Teacher } from '../../contract/pipeline';
import type { SynthesisProgress } from '../../contract/synthesis';
import type { TrainResult } from '../../contract/training';
import { upTo } from './by-round';
import { huskyEvaluate } from './evaluate';
import { asTeacher, expertPaths, expertsOf, folderOf, isFurther, settingsOf, trainingJobs } from './pipeline-round';
import { files, PipelineStages } from './pipeline-stages';
import { APPROVE_SIGNAL, PIPELINE_PROGRESS_QUERY } from '../../contract/names-training';
import { huskySynthesize } from './synthesize';
import { huskyTrain } from './train';
import { withTeacher } from './with-teacher';

export interface PipelineInput {
  plan: PipelinePlan;
  /** Queue of the GPU workers. @default the workflow's own */
  trainQueue?: string;
}

export const approvePipeline = defineSignal(APPROVE_SIGNAL);
export const pipelineProgress = defineQuery<PipelineProgress>(PIPELINE_PROGRESS_QUERY);

export async function huskyPipeline({ plan, trainQueue }: PipelineInput): Promise<PipelineProgress> {
  const stages = new PipelineStages(plan);
  const run = new PipelineRun(plan, trainQueue, stages);
  setHandler(pipelineProgress, () => run.progress());
  setHandler(approvePipeline, () => stages.approve());
  let teacher = plan.teacher;
  for (let round = 1; round <= plan.rounds; round += 1) {
    const report = await run.round(round, teacher);
    if (run.isWorse(report)) break;
    teacher = asTeacher(plan, round);
  }
  return run.progress();
}

class PipelineRun {
  private readonly rounds: RoundReport[] = [];
  /** Trajectory files of all rounds so far: later rounds train on all of them. */
  private readonly trajectories: string[] = [];

  constructor(
    private readonly plan: PipelinePlan,
    private readonly trainQueue: string | undefined,
    private readonly stages: PipelineStages,
  ) {}

  progress(): PipelineProgress {
    const best = this.best();
    return { stages: this.stages.reports, rounds: this.rounds, ...(best === undefined ? {} : { best: best.round }) };
  }

  /** Whether the newest round did not improve. */
  isWorse(report: RoundReport): boolean {
    return this.best() !== report;
  }

  async round(round: number, teacher: Teacher): Promise<RoundReport> {
    const { accepted } = await this.synthesize(round, teacher);
    await this.extract(round);
    await this.train(round);
    const { correct, total } = await this.evaluate(round);
    const accuracy = total > 0 ? correct / total : 0;
    const report = { round, accepted, correct, total, accuracy, experts: expertsOf(this.plan, round) };
    this.rounds.push(report);
    this.stages.show();
    return report;
  }

  private async synthesize(round: number, teacher: Teacher): Promise<SynthesisProgress> {
    const { plan } = this;
    const taskQueue = this.queue(round, 'teacher');
    const style = round === 1 ? plan.synthesize.style : 'modular';
    const folder = (key: string) => `${folderOf(plan, round)}/trajectories/${key}`;
    const { key, result } = await this.stages.run<SynthesisProgress>(round, 'synthesize', {
      parameters: {
        ...plan.synthesize,
        style,
        maxInFlight: 0,
        dataset: '',
        teacher: { ...teacher, file: '', trajectories: '', ...('serve' in teacher ? { serve: '' } : {}) },
      },
      paths: [
        plan.synthesize.dataset,
        teacher.kind === 'config' ? teacher.file : teacher.trajectories,
        ...expertPaths(plan, round - 1),
      ],
      summary: ({ accepted, finished }) => `${accepted} trajectories of ${finished} questions accepted`,
      work: (key) =>
        withTeacher({ teacher, taskQueue, temperature: plan.synthesize.temperature, style }, () =>
          executeChild(huskySynthesize, {
            args: [{ settings: { ...plan.synthesize, style, out: folder(key) } }],
            workflowId: childId(round, 'synthesize'),
            taskQueue,
          }),
        ),
    });
    this.trajectories.push(`${folder(key)}/trajectories.jsonl`);
    return result;
  }

  private async extract(round: number): Promise<void> {
    const { extract: settings } = this.plan;
    const { also = [], alsoFromRound, ...extraction } = settings;
    const trajectories = [...this.trajectories, ...also, ...upTo(round, alsoFromRound).flat()];
    const out = `${folderOf(this.plan, round)}/training-set`;
    await this.stages.run<ExtractResult>(round, 'extract', {
      parameters: { ...extraction, testSets: [], also: [], ...(extraction.config ? { config: '' } : {}) },
      paths: [...trajectories, ...settings.testSets, ...(extraction.config ? [extraction.config] : [])],
      summary: ({ examples }) =>
        Object.entries(examples)
          .map(([module, count]) => `${module} ${count}`)
          .join(', '),
      work: () => files.extractTrainingSet({ trajectories, out, settings }),
    });
  }

  private async train(round: number): Promise<void> {
    const { plan, trainQueue } = this;
    const data = `${folderOf(plan, round)}/training-set`;
    await this.stages.run<TrainResult>(round, 'train', {
      parameters: {
        ...plan.train,
        settings: settingsOf(plan, round),
        settingsFromRound: undefined,
        parallel: 0,
        modules: plan.extract.modules,
        serve: { ...plan.serve, config: '' },
      },
      paths: [
        `${data}/manifest.json`,
        ...plan.extract.modules.map((module) => `${data}/${module}`),
        plan.train.base,
        ...(isFurther(plan, round) ? expertPaths(plan, round - 1) : []),
        ...(plan.serve.config ? [plan.serve.config] : []),
      ],
      summary: ({ modules }) =>
        modules.map(({ module, loss }) => `${module}${loss === undefined ? '' : ` ${loss.toFixed(3)}`}`).join(', '),
      work: async () => {
        const { parallel } = plan.train;
        const queue = trainQueue ? { taskQueue: trainQueue } : {};
        const trained = await executeChild(huskyTrain, {
          args: [{ jobs: trainingJobs(plan, round), parallel, ...queue }],
          workflowId: childId(round, 'train'),
        });
        const serving = { folder: expertsOf(plan, round), style: plan.extract.style, serve: plan.serve };
        await files.writeServing(serving);
        return trained;
      },
    });
  }

  private async evaluate(round: number): Promise<EvaluationProgress> {
    const { plan } = this;
    const taskQueue = this.queue(round, 'experts');
    const { result } = await this.stages.run<EvaluationProgress>(round, 'evaluate', {
      parameters: {
        ...plan.evaluate,
        maxInFlight: 0,
        tasks: plan.evaluate.tasks.map(({ name, metric }) => ({ name, metric })),
      },
      paths: [...plan.evaluate.tasks.map(({ file }) => file), ...expertPaths(plan, round)],
      summary: ({ correct, total }) => `${correct} of ${total} right`,
      work: (key) =>
        withTeacher({ teacher: asTeacher(plan, round), taskQueue }, () =>
          executeChild(huskyEvaluate, {
            args: [{ settings: { ...plan.evaluate, out: `${folderOf(plan, round)}/evaluation/${key}` } }],
            workflowId: childId(round, 'evaluate'),
            taskQueue,
          }),
        ),
    });
    return result;
  }

  private queue(round: number, part: string): string {
    return `${workflowInfo().taskQueue}-${this.plan.name}-${part}-${round}`;
  }

  private best(): RoundReport | undefined {
    return this.rounds.reduce<RoundReport | undefined>(
      (best, one) => (best && best.accuracy >= one.accuracy ? best : one),
      undefined,
    );
  }
}

function childId(round: number, stage: PipelineStage): string {
  return `${workflowInfo().workflowId}/round-${round}/${stage}`;
}
