/**
 * Lets the samples of one question vote on its answer. It begins as few samples as can decide the vote, and further ones only if those
 * disagree. It ends when no answer can overtake the leading one. It is pure code: the caller runs samples and compares answers.
 */
import { addVote, isDecided, samplesToBegin, type FindSame, type Vote } from '../trajectory/votes';
import type { Samples } from './samples';

export interface SampleRuns {
  /** Runs a sample until it has ended, failed, or left its loop, and enters the result in `samples`. Rejects when all are cancelled. */
  run(position: number): Promise<void>;
  /** Cancels a sample that is no longer needed; its `run` then resolves. */
  abandon(position: number): void;
  findSame: FindSame<Vote>;
  /** Whether somebody has asked to finish now. */
  isToldToFinish(): boolean;
}

/** @returns false when samples have left their loops before the vote was decided */
export async function voteLoop(samples: Samples, runs: SampleRuns): Promise<boolean> {
  const running = new Map<number, Promise<number>>();
  const left: number[] = [];
  const begin = (position: number) =>
    running.set(
      position,
      runs.run(position).then(() => position),
    );
  samples.unfinished.forEach(begin);
  try {
    for (;;) {
      const waiting = runs.isToldToFinish() || samples.isAtLimit() ? [] : samples.waiting;
      const open = () => [...running.keys(), ...left, ...waiting];
      if (samples.groups.length > 0 && isDecided(samples.groups, open())) {
        // At a limit no sample can follow any more, so those that run may not be needed either.
        for (const position of running.keys()) runs.abandon(position);
        await Promise.all(running.values());
        return true;
      }
      // Once a sample has left its loop, this run of the workflow is about to end. New samples begin in the next run.
      if (left.length === 0)
        waiting.slice(0, samplesToBegin(samples.groups, [...running.keys()], waiting)).forEach(begin);
      if (running.size === 0) break;
      const position = await Promise.race(running.values());
      running.delete(position);
      if (samples.unfinished.includes(position)) left.push(position);
      const vote = samples.voteOf(position);
      if (vote) await addVote(samples.groups, vote, runs.findSame);
    }
  } catch (error) {
    await Promise.allSettled(running.values());
    throw error;
  }
  if (left.length > 0) return false;
  // No sample finished, so the best answers so far vote.
  for (let position = 0; position < samples.count; position += 1) {
    const vote = samples.anyVoteOf(position);
    if (vote) await addVote(samples.groups, vote, runs.findSame);
  }
  return true;
}
