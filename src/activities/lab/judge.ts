/** A language model that compares open answers with their labels, for the metric `judge`. */
import { ApplicationFailure } from '@temporalio/common';
import { judgeAnswer, loadJudgePrompt } from '../../scoring/metrics/judge';
import type { AskJudge, Opinion } from '../../scoring/scorer';
import type { FailureType } from '../../failures';
import { createModel } from '../../models';
import type { Model } from '../../models/model';
import { addUsage, NO_USAGE, type Usage } from '../../trajectory/step';
import type { ActivityContext } from '../../runtime/activity-context';

/** An opinion, and what it cost. */
export interface JudgedAnswer extends Opinion {
  usage: Usage;
}

/**
 * An answer that is too long for the judge gets no verdict, which is a result.
 *
 * @throws the model's other failures (failures.ts), for a judge that is down, overloaded or misconfigured
 */
export type Judge = (...asked: Parameters<AskJudge>) => Promise<JudgedAnswer>;

/** Asks the model of `judge:` in the configuration, or the commonsense reasoner's. */
export function createJudge({ config, model }: ActivityContext): Judge {
  const prompt = loadJudgePrompt();
  let opened: Promise<Model> | undefined;
  const open = (): Promise<Model> => {
    opened ??= config.judge ? createModel(config.judge, { timeoutMs: config.timeouts.modelMs }) : model('commonsense');
    return opened;
  };
  return async (answer, signal) => {
    const judge = await open();
    let usage = NO_USAGE;
    const counted: Model = {
      name: judge.name,
      generate: async (request, options) => {
        const generation = await judge.generate(request, options);
        usage = addUsage(usage, generation.usage);
        return generation;
      },
    };
    try {
      const verdict = await judgeAnswer(counted, answer, prompt, { signal });
      const { correct, reason, undecided, judgements } = verdict;
      return { ...(undecided ? {} : { correct }), reason, judgements, usage };
    } catch (error) {
      const tooLong: FailureType = 'ContextLengthExceeded';
      if (!(error instanceof ApplicationFailure && error.type === tooLong)) throw error;
      return { reason: `the judge could not be asked: ${error.message}`, judgements: [null, null], usage };
    }
  };
}
