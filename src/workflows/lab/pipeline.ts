/**
 * From questions to experts: synthesize, extract, train, evaluate, in rounds (expert iteration). The experts of a round teach the next: their
 * correct trajectories are added to the data, and the rounds end when the evaluation no longer improves.
 *
 * @module
 */
import {
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  executeChild,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { huskyActivities } from '../call-activities';
import type { ExtractResult, HostTeacherInput, PipelineActivities } from '../../activities/lab/pipeline';
import type { EvaluationProgress } from '../../contract/evaluation';
import type {
  PipelinePlan,
  PipelineProgress,
  PipelineStage,
  RoundReport,
  StageReport,
  Teacher,
} from '../../contract/pipeline';
import type { ModuleName } from '../../trajectory/modules';
import type { SynthesisProgress } from '../../contract/synthesis';
import type { TrainingJob, TrainingSettings, TrainResult } from '../../contract/training';
import { upTo } from './by-round';
import { huskyEvaluate } from './evaluate';
import { APPROVE_SIGNAL, PIPELINE_PROGRESS_QUERY } from '../../contract/names-training';
import { huskySynthesize } from './synthesize';
import { huskyTrain } from './train';

export interface PipelineInput {
  plan: PipelinePlan;
  /** Queue of the GPU workers. @default the workflow's own */
  trainQueue?: string;
}

export const approvePipeline = defineSignal(APPROVE_SIGNAL);
export const pipelineProgress = defineQuery<PipelineProgress>(PIPELINE_PROGRESS_QUERY);

const files = huskyActivities<PipelineActivities>({
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});
const hosting = huskyActivities<PipelineActivities>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});

export async function huskyPipeline({ plan, trainQueue }: PipelineInput): Promise<PipelineProgress> {
  const run = new PipelineRun(plan, trainQueue);
  setHandler(pipelineProgress, () => run.progress());
  setHandler(approvePipeline, () => run.approve());
  let teacher = plan.teacher;
  for (let round = 1; round <= plan.rounds; round += 1) {
    const report = await run.round(round, teacher);
    if (run.isWorse(report)) break;
    teacher = run.expertsIn(report.experts);
  }
  return run.progress();
}

class PipelineRun {
  private readonly stages: StageReport[] = [];
  private readonly rounds: RoundReport[] = [];
  /** Trajectory files of all rounds so far: later rounds train on all of them. */
  private readonly trajectories: string[] = [];
  private approvals = 0;

  constructor(
    private readonly plan: PipelinePlan,
    private readonly trainQueue: string | undefined,
  ) {}

  approve(): void {
    this.approvals += 1;
  }

  progress(): PipelineProgress {
    const best = this.best();
    return { stages: this.stages, rounds: this.rounds, ...(best === undefined ? {} : { best: best.round }) };
  }

  /** Whether the newest round did not improve. */
  isWorse(report: RoundReport): boolean {
    return this.best() !== report;
  }

  /** Experts as a teacher, with their servers where the pipeline is to run them. */
  expertsIn(folder: string): Teacher {
    const { server, start } = this.plan.serve;
    const isServed = start === true && server !== 'gguf';
    return { kind: 'config', file: `${folder}/husky.yaml`, ...(isServed ? { serve: `${folder}/serve.sh` } : {}) };
  }

  async round(round: number, teacher: Teacher): Promise<RoundReport> {
    const { plan } = this;
    const folder = this.folder(round);
    const teacherPaths = [teacher.kind === 'config' ? teacher.file : teacher.trajectories];
    const style = round === 1 ? plan.synthesize.style : 'modular';

    const { key: synthesisKey, result: synthesized } = await this.stage<SynthesisProgress>(round, 'synthesize', {
      parameters: {
        ...plan.synthesize,
        style,
        maxInFlight: 0,
        dataset: '',
        teacher: { ...teacher, file: '', trajectories: '', ...('serve' in teacher ? { serve: '' } : {}) },
      },
      paths: [plan.synthesize.dataset, ...teacherPaths, ...this.expertPaths(round - 1)],
      summary: ({ accepted, finished }) => `${accepted} trajectories of ${finished} questions accepted`,
      work: (key) =>
        this.withTeacher({ teacher, round, temperature: plan.synthesize.temperature, style }, (taskQueue) =>
          executeChild(huskySynthesize, {
            args: [{ settings: { ...plan.synthesize, style, out: `${folder}/trajectories/${key}` } }],
            workflowId: this.childId(round, 'synthesize'),
            taskQueue,
          }),
        ),
    });
    this.trajectories.push(`${folder}/trajectories/${synthesisKey}/trajectories.jsonl`);

    const { also = [], alsoFromRound, ...extraction } = plan.extract;
    const trajectories = [...this.trajectories, ...also, ...upTo(round, alsoFromRound).flat()];
    await this.stage<ExtractResult>(round, 'extract', {
      parameters: { ...extraction, testSets: [], also: [] },
      paths: [...trajectories, ...plan.extract.testSets],
      summary: ({ examples }) =>
        Object.entries(examples)
          .map(([module, count]) => `${module} ${count}`)
          .join(', '),
      work: () => files.extractTrainingSet({ trajectories, out: `${folder}/training-set`, settings: plan.extract }),
    });

    const experts = `${folder}/experts`;
    await this.stage<TrainResult>(round, 'train', {
      parameters: {
        ...plan.train,
        settings: this.settings(round),
        settingsFromRound: undefined,
        parallel: 0,
        modules: plan.extract.modules,
        serve: { ...plan.serve, config: '' },
      },
      paths: [
        `${folder}/training-set/manifest.json`,
        ...plan.extract.modules.map((module) => `${folder}/training-set/${module}`),
        plan.train.base,
        ...(this.isFurther(round) ? this.expertPaths(round - 1) : []),
        ...(plan.serve.config ? [plan.serve.config] : []),
      ],
      summary: ({ modules }) =>
        modules.map(({ module, loss }) => `${module}${loss === undefined ? '' : ` ${loss.toFixed(3)}`}`).join(', '),
      work: async () => {
        const trained = await executeChild(huskyTrain, {
          args: [
            {
              jobs: this.jobs(round),
              parallel: plan.train.parallel,
              ...(this.trainQueue ? { taskQueue: this.trainQueue } : {}),
            },
          ],
          workflowId: this.childId(round, 'train'),
        });
        await files.writeServing({ folder: experts, style: plan.extract.style, serve: plan.serve });
        return trained;
      },
    });

    const { result: evaluated } = await this.stage<EvaluationProgress>(round, 'evaluate', {
      parameters: {
        ...plan.evaluate,
        maxInFlight: 0,
        tasks: plan.evaluate.tasks.map(({ name, metric }) => ({ name, metric })),
      },
      paths: [...plan.evaluate.tasks.map(({ file }) => file), ...this.expertPaths(round)],
      summary: ({ correct, total }) => `${correct} of ${total} right`,
      work: (key) =>
        this.withTeacher({ teacher: this.expertsIn(experts), round, part: 'experts' }, (taskQueue) =>
          executeChild(huskyEvaluate, {
            args: [{ settings: { ...plan.evaluate, out: `${folder}/evaluation/${key}` } }],
            workflowId: this.childId(round, 'evaluate'),
            taskQueue,
          }),
        ),
    });
    const { correct, total } = evaluated;
    const report = {
      round,
      accepted: synthesized.accepted,
      correct,
      total,
      accuracy: total > 0 ? correct / total : 0,
      experts,
    };
    this.rounds.push(report);
    this.show();
    return report;
  }

  /** Runs a stage, unless it has finished with the same inputs. */
  private async stage<Result>(
    round: number,
    stage: PipelineStage,
    { parameters, paths, summary, work }: StageWork<Result>,
  ): Promise<StageOutcome<Result>> {
    const folder = this.folder(round);
    const { key: inputs, result } = await files.readStage({ folder, stage, parameters, paths });
    const key = inputs.slice(0, 12);
    const report: StageReport = { round, stage, state: 'running' };
    this.stages.push(report);
    if (result !== undefined) {
      report.state = 'skipped';
      report.summary = summary(result as Result);
      this.show();
      return { key, result: result as Result };
    }
    if (this.plan.approval === stage) {
      report.state = 'waiting-for-approval';
      this.show();
      const before = this.approvals;
      await condition(() => this.approvals > before);
    }
    report.state = 'running';
    this.show();
    const made = await work(key);
    await files.recordStage({ folder, stage, key: inputs, result: made });
    report.state = 'done';
    report.summary = summary(made);
    this.show();
    return { key, result: made };
  }

  /** Runs a teacher's workers on their own queue while the body runs. */
  private async withTeacher<Result>(
    {
      teacher,
      round,
      part = 'teacher',
      temperature,
      style,
    }: { teacher: Teacher; round: number; part?: string; temperature?: number; style?: string },
    body: (taskQueue: string) => Promise<Result>,
  ): Promise<Result> {
    const taskQueue = `${workflowInfo().taskQueue}-${this.plan.name}-${part}-${round}`;
    const input: HostTeacherInput = {
      teacher,
      taskQueue,
      ...(temperature === undefined ? {} : { temperature }),
      ...(style === undefined ? {} : { style }),
    };
    const host = new CancellationScope();
    const hosted = host.run(() => hosting.hostTeacher(input));
    hosted.catch(() => undefined);
    try {
      const never = new Promise<never>(() => undefined);
      return await Promise.race([body(taskQueue), hosted.then(() => never)]);
    } finally {
      host.cancel();
      await CancellationScope.nonCancellable(() =>
        hosted.catch((error: unknown) => {
          if (!isCancellation(error)) throw error;
        }),
      );
    }
  }

  /** Whether a round trains the previous round's experts further, not the base again. */
  private isFurther(round: number): boolean {
    return round > 1 && this.plan.train.further === true;
  }

  private settings(round: number): TrainingSettings {
    const { settings, settingsFromRound } = this.plan.train;
    return Object.assign({}, settings, ...upTo(round, settingsFromRound));
  }

  private jobs(round: number): TrainingJob[] {
    const { backend, base, device } = this.plan.train;
    const settings = this.settings(round);
    const folder = this.folder(round);
    return this.modules().map((module) => ({
      module,
      backend,
      base: this.isFurther(round) ? `${this.folder(round - 1)}/experts` : base,
      device,
      settings,
      data: `${folder}/training-set/${module}`,
      out: `${folder}/experts/${module}`,
    }));
  }

  private folder(round: number): string {
    return `${this.plan.out}/round-${round}`;
  }

  /** Identifies a round's experts: the results of their training, including hashes of weights. */
  private expertPaths(round: number): string[] {
    if (round < 1) return [];
    const folder = `${this.folder(round)}/experts`;
    return [`${folder}/husky.yaml`, ...this.modules().map((module) => `${folder}/${module}/result.json`)];
  }

  /** Those that are trained. */
  private modules(): ModuleName[] {
    return this.plan.train.modules ?? this.plan.extract.modules;
  }

  private childId(round: number, stage: PipelineStage): string {
    return `${workflowInfo().workflowId}/round-${round}/${stage}`;
  }

  private best(): RoundReport | undefined {
    return this.rounds.reduce<RoundReport | undefined>(
      (best, one) => (best && best.accuracy >= one.accuracy ? best : one),
      undefined,
    );
  }

  private show(): void {
    setCurrentDetails(
      this.stages
        .map(({ round, stage, state, summary = '' }) => `- round ${round} **${stage}** ${state} ${summary}`)
        .join('\n'),
    );
  }
}

interface StageWork<Result> {
  parameters: unknown;
  paths: string[];
  summary: (result: Result) => string;
  work: (key: string) => Promise<Result>;
}

interface StageOutcome<Result> {
  /** Names folders whose content belongs to the stage's inputs. */
  key: string;
  result: Result;
}
