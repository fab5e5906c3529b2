/** Runs several samples of one question in one workflow. The first one uses the configured temperature, the others a higher one. */
import { CancellationScope, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { Samples, sampleId } from '../../loop/samples';
import type { SolutionState } from '../../loop/solution-state';
import { voteLoop } from '../../loop/vote-loop';
import { roomForSteps } from '../../trajectory/bound-trajectory';
import { renderMarkdown } from '../../trajectory/render-markdown';
import type { Solution } from '../../trajectory/step';
import { failureOf, usageUntil } from './call-failure';
import { findSameAnswer } from './calls';
import { inheritHints, waitingOf } from './people-state';
import { runOne, told, type RunOneInput } from './run-one';
import { announce } from './sinks';
import { countEnd } from './trace';

export interface RunSamplesInput extends Omit<RunOneInput, 'began' | 'sample'> {
  began(samples: Samples): void;
  beganSample(solution: SolutionState): void;
}

/**
 * @returns undefined when the samples have left their loops before the vote was decided
 * @throws ActivityFailure of the first sample when all have failed; CancelledFailure when all are cancelled
 */
export async function runSamples(input: RunSamplesInput): Promise<Solution | undefined> {
  const { id, question, profile, carried } = input;
  const { workflowId, runId } = workflowInfo();
  const show = input.detailed ? details : undefined;
  const samples = new Samples({ id, question, profile, carried, workflowId, runId, changed: show });
  input.began(samples);
  if (!carried) announce.counted({ what: 'started' });
  samples.begun.forEach(input.beganSample);
  const room = Math.floor((input.maxTrajectoryBytes ?? roomForSteps(question)) / samples.count);
  const scopes = new Map<number, CancellationScope>();
  const abandoned = new Set<number>();
  const failures = new Map<number, unknown>();

  const run = async (position: number): Promise<void> => {
    const scope = new CancellationScope();
    scopes.set(position, scope);
    const mine = sampleId(id, position);
    if (!carried?.samples?.states[position]) inheritHints(id, mine);
    const one: RunOneInput = {
      ...{ id: mine, question, profile, detailed: false, maxTrajectoryBytes: room },
      ...{ people: input.people, finishAsked: input.finishAsked, leave: input.leave, goesOn: input.goesOn },
      carried: samples.carriedOf(position),
      began: (state) => {
        samples.began(position, state);
        input.beganSample(state);
      },
      sample: {
        head: id,
        position,
        isNew: !carried?.samples?.states[position],
        shared: { usage: () => samples.usageBut(position), running: () => Math.max(1, samples.unfinished.length) },
        changed: () => samples.changed(),
      },
    };
    try {
      await scope.run(() => runOne(one));
    } catch (error) {
      if (abandoned.has(position)) return;
      samples.failed(position, failureOf(error), usageUntil(error));
      failures.set(position, error);
    }
  };

  let over: boolean;
  try {
    over = await voteLoop(samples, {
      run,
      abandon: (position) => {
        abandoned.add(position);
        scopes.get(position)?.cancel();
      },
      findSame: async ({ answer }, among) => {
        const answers = among.map((vote) => vote.answer);
        return (await findSameAnswer({ question, answer, among: answers })).at;
      },
      isToldToFinish: () => told.toFinish || input.finishAsked === true,
    });
  } catch (error) {
    samples.cancel();
    countEnd(samples, 'cancelled');
    throw error;
  }
  if (!over) return undefined;
  const whole = samples.end();
  countEnd(samples, whole?.stopReason ?? 'failed');
  if (whole) return whole;
  throw failures.get(Math.min(...failures.keys()));
}

function details(samples: Samples): void {
  const progress = samples.progress();
  setCurrentDetails(renderMarkdown({ ...progress, waiting: waitingOf(samples) }, { lastSteps: 20, maxChars: 600 }));
}
