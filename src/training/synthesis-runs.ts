/** The syntheses of a worker: what is finished in their folders, what the teacher writes next, and which trajectories are kept. */
import type * as wire from '../contract/synthesis';
import { appendAt } from '../files/append-file';
import { countQuestions } from '../formats/question';
import type { Model } from '../models/model';
import { addUsage, NO_USAGE, type Usage } from '../trajectory/step';
import { rejectionOf, type Answer } from './accept';
import { answerScorer } from './answer-scorer';
import { readTrajectory } from './read-trajectory';
import {
  nextQuestions,
  openFolder,
  readFinished,
  trajectoryPath,
  writeManifest,
  type FinishedWork,
} from './synthesis-folder';
import { identityOfSynthesis, type Writers } from './synthesis-identity';
import type { OfferedTool } from './training-example';
import { loadTrajectoryPrompt, type TrajectoryPrompt } from './trajectory-style';
import { once } from '../process/once';

/** The teacher and its configuration. */
export interface SynthesisMakers extends Writers {
  model(...args: Parameters<Writers['model']>): Promise<Model>;
}

export type CountingJudge = (
  answer: Answer,
  signal?: AbortSignal,
) => Promise<{
  /** Undefined if the judge gave no readable verdict. */
  correct?: boolean;
  usage: Usage;
}>;

export class SynthesisRuns {
  /** Finished work of the folders that this worker fills, read once. */
  private readonly finished = new Map<string, Promise<FinishedWork>>();

  constructor(
    private readonly makers: SynthesisMakers,
    private readonly askJudge: CountingJudge,
  ) {}

  /**
   * Checks the dataset, makes the folder ready and says how much is done already.
   *
   * @throws InputInvalid for a dataset that cannot be read, or a folder that holds another synthesis
   */
  async open(settings: wire.SynthesisSettings): Promise<wire.OpenedSynthesis> {
    const questions = await countQuestions(settings.dataset);
    const identity = await this.identityOf(settings, questions);
    const { offset, manifest } = await openFolder(settings, identity);
    const work = await this.finishedBefore(settings.out, offset);
    const all = { samples: settings.samples, cursor: 0, limit: Infinity };
    const open = await nextQuestions(settings.dataset, work, all);
    const { accepted, rejections } = work;
    const opened = { offset, questions, finished: questions - open.questions.length, accepted, rejections };
    if (!manifest)
      writeManifest(settings, identity, {
        ...opened,
        state: 'running',
        inFlight: 0,
        usage: NO_USAGE,
        money: 0,
        startedAt: Date.now(),
      });
    return { ...opened, ...(manifest && { spent: { usage: manifest.usage, money: manifest.money } }) };
  }

  /** The next questions with missing samples. */
  async next({ settings, cursor, limit, finishedBefore }: wire.NextQuestionsInput): Promise<wire.NextQuestionsResult> {
    const work = await this.finishedBefore(settings.out, finishedBefore);
    return nextQuestions(settings.dataset, work, { samples: settings.samples, cursor, limit });
  }

  /** Safe to repeat: the offset says where the lines belong. @returns the offset after them */
  append({ out, offset, trajectories }: wire.AppendTrajectoriesInput): Promise<number> {
    const lines = trajectories.map((trajectory) => JSON.stringify(trajectory));
    return appendAt(trajectoryPath(out), offset, lines);
  }

  async record({ settings, progress }: wire.RecordSynthesisInput): Promise<void> {
    writeManifest(settings, await this.identityOf(settings, progress.questions), progress);
  }

  /** One stretch of the teacher's writing, to the next tool call or the end. */
  async write(input: wire.WriteTrajectoryInput, signal?: AbortSignal): Promise<wire.WriteTrajectoryResult> {
    const customTools = [...this.makers.config.tools, ...(input.mcpTools ?? [])];
    const prompt = this.prompt(customTools);
    const teacher = await this.makers.model('action');
    const { text, model, usage } = await teacher.generate(prompt.request(input), { signal });
    const { steps: done, pending } = input;
    const read = readTrajectory(text, { done, ...(pending && { pending }), customTools });
    return { ...read, model, usage, promptHash: prompt.hash };
  }

  /** Compares the answer with the label. */
  async judge(
    { trajectory, metric }: wire.JudgeTrajectoryInput,
    signal?: AbortSignal,
  ): Promise<wire.JudgeTrajectoryResult> {
    let usage = NO_USAGE;
    const score = answerScorer(metric, async (answer) => {
      const verdict = await this.askJudge(answer, signal);
      usage = addUsage(usage, verdict.usage);
      return verdict.correct;
    });
    const rejection = await rejectionOf(trajectory, score);
    return { rejection, usage };
  }

  private prompt(tools: readonly OfferedTool[] = this.makers.config.tools): TrajectoryPrompt {
    return loadTrajectoryPrompt({ language: this.makers.config.sandbox.language, tools });
  }

  private identityOf(settings: wire.SynthesisSettings, questions: number) {
    return identityOfSynthesis(this.makers, settings, { questions, promptHash: () => this.prompt().hash });
  }

  private finishedBefore(out: string, offset: number): Promise<FinishedWork> {
    return once(this.finished, `${out}\n${offset}`, () => readFinished(out, offset));
  }
}
