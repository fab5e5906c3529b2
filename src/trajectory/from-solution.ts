/** A finished solution as training data. */
import type { Solution } from './step';
import { TRAJECTORY_VERSION, type Trajectory, type TrajectoryStep } from './trajectory';

export type TrajectoryOrigin = Pick<Trajectory, 'id' | 'dataset' | 'index' | 'gold' | 'source'>;

/** Not yet judged: `accepted` is false, and `rejection` is set only where the way it was made rules it out. */
export function trajectoryOf(solution: Solution, origin: TrajectoryOrigin): Trajectory {
  const { question, answer, stopReason, steps } = solution;
  const finished = stopReason === 'finished';
  const unreadable = steps.some(
    ({ failure }) => failure?.kind === 'unparsable-action' || failure?.kind === 'unknown-tool',
  );
  // What a person has put in a tool's place, or told on the side, the experts cannot learn to say.
  const helped = steps.some(({ decisions = [] }) =>
    decisions.some(({ kind }) => kind === 'hinted' || kind === 'answered' || kind === 'refused'),
  );
  const rejection = helped
    ? 'helped-by-a-person'
    : unreadable
      ? 'malformed-step'
      : stopReason === 'max-steps'
        ? 'too-many-steps'
        : undefined;
  return {
    version: TRAJECTORY_VERSION,
    ...origin,
    question,
    answer,
    ...(finished ? { finish: `The answer is ${answer}.` } : {}),
    steps: steps.map(
      ({ tool, step, code, query, arguments: written, observation, output, failure }): TrajectoryStep => ({
        tool,
        step,
        code,
        query,
        arguments: written,
        // The text of a failed program is no result; what failed is not taught.
        ...(observation === undefined || failure !== undefined ? {} : { observation }),
        output,
      }),
    ),
    accepted: false,
    rejection,
  };
}
