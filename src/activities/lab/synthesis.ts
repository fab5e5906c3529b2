/**
 * The activities of the synthesize workflow.
 *
 * @module
 */
import { Context } from '@temporalio/activity';
import { sha256 } from '../../files/fingerprint';
import { rejectionOf } from '../../training/accept';
import { appendAt } from '../../files/append-file';
import { answerScorer } from '../../training/answer-scorer';
import { countQuestions } from '../../formats/question';
import * as folder from '../../training/synthesis-folder';
import { loadTrajectoryPrompt } from '../../training/trajectory-style';
import { readTrajectory } from '../../training/read-trajectory';
import { addUsage, NO_USAGE } from '../../trajectory/step';
import type * as wire from '../../contract/synthesis';
import type { ActivityContext } from '../../runtime/activity-context';
import { withHeartbeat } from '../../runtime/heartbeat';
import type { Judge } from './judge';
import { identityOfSynthesis } from '../../training/synthesis-identity';

/** Finished work of the folders that this worker fills, read once. */
type FinishedCache = Map<string, Promise<folder.FinishedWork>>;

export function createSynthesisActivities(context: ActivityContext, judge: Judge) {
  const finishedCache: FinishedCache = new Map();
  const prompt = (): ReturnType<typeof loadTrajectoryPrompt> =>
    loadTrajectoryPrompt({ language: context.config.sandbox.language, tools: context.config.tools });

  const finishedWork = (out: string, before: number) => {
    const key = sha256(`${out}\n${before}`);
    const known = finishedCache.get(key) ?? folder.readFinished(out, before);
    finishedCache.set(key, known);
    known.catch(() => finishedCache.delete(key));
    return known;
  };

  const identityOf = (settings: wire.SynthesisSettings, questions: number) =>
    identityOfSynthesis(context, settings, { questions, promptHash: () => prompt().hash });

  return {
    /** Checks the dataset, makes the folder ready and says how much is done already. */
    openSynthesis: (settings: wire.SynthesisSettings): Promise<wire.OpenedSynthesis> =>
      withHeartbeat(async () => {
        const questions = await countQuestions(settings.dataset);
        const identity = await identityOf(settings, questions);
        const { offset, manifest } = await folder.openFolder(settings, identity);
        const work = await finishedWork(settings.out, offset);
        const all = { samples: settings.samples, cursor: 0, limit: Infinity };
        const open = await folder.nextQuestions(settings.dataset, work, all);
        const opened = { offset, questions, finished: questions - open.questions.length };
        if (!manifest)
          await folder.writeManifest(settings, identity, {
            state: 'running',
            ...opened,
            inFlight: 0,
            accepted: work.accepted,
            rejections: work.rejections,
            usage: NO_USAGE,
            money: 0,
            startedAt: Date.now(),
          });
        return {
          ...opened,
          accepted: work.accepted,
          rejections: work.rejections,
          spent: manifest && { usage: manifest.usage, money: manifest.money },
        };
      }),

    nextQuestions: ({
      settings,
      cursor,
      limit,
      finishedBefore,
    }: wire.NextQuestionsInput): Promise<wire.NextQuestionsResult> =>
      withHeartbeat(async () =>
        folder.nextQuestions(settings.dataset, await finishedWork(settings.out, finishedBefore), {
          samples: settings.samples,
          cursor,
          limit,
        }),
      ),

    /** Safe to repeat: the offset says where the lines belong. @returns the offset after them */
    appendTrajectories: ({ out, offset, trajectories }: wire.AppendTrajectoriesInput): Promise<number> =>
      withHeartbeat(() =>
        appendAt(
          folder.trajectoryPath(out),
          offset,
          trajectories.map((trajectory) => JSON.stringify(trajectory)),
        ),
      ),

    /** The outcome of a question whose workflow an earlier run began. */
    collectQuestion: ({ workflowId }: { workflowId: string }): Promise<wire.QuestionOutcome> =>
      withHeartbeat(
        () => Context.current().client.workflow.getHandle(workflowId).result() as Promise<wire.QuestionOutcome>,
      ),

    recordSynthesis: ({ settings, progress }: wire.RecordSynthesisInput): Promise<void> =>
      withHeartbeat(async () => {
        const identity = await identityOf(settings, progress.questions);
        await folder.writeManifest(settings, identity, progress);
      }),

    /** One stretch of the teacher's writing, to the next tool call or the end. */
    writeTrajectory: (input: wire.WriteTrajectoryInput): Promise<wire.WriteTrajectoryResult> =>
      withHeartbeat(async (signal) => {
        const template = prompt();
        const teacher = await context.model('action');
        const { text, model, usage } = await teacher.generate(template.request(input), { signal });
        const read = readTrajectory(text, {
          done: input.steps,
          ...(input.pending ? { pending: input.pending } : {}),
          customTools: context.config.tools,
        });
        return { ...read, model, usage, promptHash: template.hash };
      }),

    /** Compares the answer with the label. */
    judgeTrajectory: ({ trajectory, metric }: wire.JudgeTrajectoryInput): Promise<wire.JudgeTrajectoryResult> =>
      withHeartbeat(async (signal) => {
        let usage = NO_USAGE;
        const byModel = answerScorer(metric, async (answer) => {
          const verdict = await judge(answer, signal);
          usage = addUsage(usage, verdict.usage);
          return verdict.correct;
        });
        const rejection = await rejectionOf(trajectory, byModel);
        return { ...(rejection === undefined ? {} : { rejection }), usage };
      }),
  };
}

export type SynthesisActivities = ReturnType<typeof createSynthesisActivities>;
