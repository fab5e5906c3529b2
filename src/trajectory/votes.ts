/**
 * Majority votes over several answers to one question (self-consistency, arXiv 2203.11171). Pure: who compares two answers is the caller's
 * choice. `solve` votes with it while samples still run, an evaluation after the fact.
 */

import { oneLine } from './bounded-text';
import type { Votes } from './step';

export interface Vote {
  /** Position of the sample. Between answers of equally many votes the one with the earliest sample wins. */
  sample: number;
  answer: string;
}

/** Finds the answer that is the same as `vote`. @returns its position in `among`, -1 where there is none */
export type FindSame<V extends Vote> = (vote: V, among: readonly V[]) => number | Promise<number>;

/** Adds a vote to the group of its answer, in place. An answer that is written alike needs no comparison. */
export async function addVote<V extends Vote>(groups: V[][], vote: V, findSame: FindSame<V>): Promise<void> {
  const firsts = groups.flatMap(([first]) => first ?? []);
  const alike = firsts.findIndex(({ answer }) => answer === vote.answer);
  const at = alike >= 0 || firsts.length === 0 ? alike : await findSame(vote, firsts);
  const group = groups[at];
  if (group) group.push(vote);
  else groups.push([vote]);
}

/** Groups of equal answers, the winner first. */
export function ranked<V extends Vote>(groups: readonly V[][]): V[][] {
  return groups.toSorted((one, other) => (isAhead(tallyOf(one), tallyOf(other)) ? -1 : 1));
}

interface Tally {
  votes: number;
  /** The earliest sample among them. */
  first: number;
}

const tallyOf = (group: readonly Vote[]): Tally => ({ votes: group.length, first: earliest(group) });
const earliest = (votes: readonly Vote[]) => Math.min(...votes.map(({ sample }) => sample));
const isAhead = (one: Tally, other: Tally) =>
  one.votes > other.votes || (one.votes === other.votes && one.first < other.first);

/** Whether the leader wins whatever `open` samples will answer, those that run and those that have not begun. */
export function isDecided(groups: readonly Vote[][], open: readonly number[]): boolean {
  const [leader, ...others] = ranked(groups).map(tallyOf);
  if (open.length === 0) return true;
  if (!leader) return false;
  // All open samples may give the answer of one rival, or one that nobody has given yet.
  const rivals = [...others, { votes: 0, first: Infinity }].map(({ votes, first }) => ({
    votes: votes + open.length,
    first: Math.min(first, ...open),
  }));
  return rivals.every((rival) => isAhead(leader, rival));
}

/**
 * How many of the `waiting` samples are worth beginning now: the fewest with which the vote is decided, if they and all that run agree with
 * the leader.
 */
export function samplesToBegin(
  groups: readonly Vote[][],
  running: readonly number[],
  waiting: readonly number[],
): number {
  const [leader = [], ...rivals] = ranked(groups);
  for (let begun = 0; begun < waiting.length; begun += 1) {
    const joined = [...running, ...waiting.slice(0, begun)].map((sample) => ({ sample, answer: '' }));
    const hoped = [...leader, ...joined];
    if (hoped.length > 0 && isDecided([hoped, ...rivals], waiting.slice(begun))) return begun;
  }
  return waiting.length;
}

/** Characters of an answer in {@link votesText}. */
const SHOWN = 60;

/** The votes in one line: `42: samples 1, 3; 41: sample 2. No vote: 4 (not needed), 5 (failed)`. */
export function votesText({ answers, none }: Votes): string {
  const given = answers.map(
    ({ answer, samples }) => `${oneLine(answer, SHOWN)}: sample${samples.length > 1 ? 's' : ''} ${samples.join(', ')}`,
  );
  const why = ({ because, message }: Votes['none'][number]) =>
    `${because.replace('-', ' ')}${message === undefined ? '' : `: ${oneLine(message, SHOWN)}`}`;
  const without = none.map((one) => `${one.sample} (${why(one)})`);
  return [given.join('; ') || 'no answer', ...(without.length > 0 ? [`No vote: ${without.join(', ')}`] : [])].join(
    '. ',
  );
}
