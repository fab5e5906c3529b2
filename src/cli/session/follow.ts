/** Follows one solution on a terminal until it ends or the person leaves. */
import type { Client } from '@temporalio/client';
import { waitingFor } from '../../list-solutions';
import { pendingTexts } from '../../text-watch';
import { isServerAway } from '../../lasting-watch';
import type { SolutionHandle } from '../../husky-client';
import type { SampleProgress, Solution, Step } from '../../trajectory/step';
import { aborted, pause } from '../../process/abort';
import { mustBeReadable } from './encoded-payloads';
import { doing } from '../../calls-in-flight';
import { warnOnce } from '../terminal/warn-once';
import { showStep, showWaiting } from '../terminal/solution-view';
import { printable, type Terminal } from '../terminal/terminal';
import { sampleText } from '../../trajectory/render-markdown';
import { SCHEDULED } from './unserved-calls';
import { LOOK_MS, PATIENCE, SERVER_AWAY, tellWhatHolds } from './what-holds';

export interface FollowOptions {
  client: Client;
  handle: SolutionHandle;
  terminal: Terminal;
  /** Aborted when the person leaves; the solution runs on. */
  signal: AbortSignal;
  /** Reject when server or workers fail. */
  failures: Promise<never>[];
  /** Shows in the status line what a model writes just now. @default false */
  tokens?: boolean;
  /** Queue of the solution, for the message when no worker takes it. */
  taskQueue?: string;
}

/** Characters of a text that grows, in the status line. */
const NEWEST_WORDS = 48;

interface Shown {
  steps: number;
  /** Samples that have begun, while they run. */
  samples: readonly SampleProgress[];
  /** The status line, and behind it what a model writes. */
  doing: string;
  words: string;
}

/** @returns the solution, or undefined when the person has left @throws WorkflowFailedError */
export async function followSolution(options: FollowOptions): Promise<Solution | undefined> {
  const { handle, terminal, signal, failures } = options;
  const over = new AbortController();
  const shown: Shown = { steps: 0, samples: [], doing: 'working', words: '' };
  const show = (steps: readonly Step[]) => {
    for (const step of steps.slice(shown.steps)) showStep(terminal, step);
    shown.steps = Math.max(shown.steps, steps.length);
  };
  const result = handle.result();
  result.catch(() => undefined);
  terminal.status('starting');
  const stepsShown = showSteps(options, over.signal, show, shown);
  const eyes = watchCalls(options, over.signal, shown);
  try {
    // The steps of one that failed, too, before the reason is told.
    const end = await Promise.race([result, aborted(signal).then(() => undefined), ...failures]).catch(
      (error: unknown) => Promise.race([stepsShown, pause(LOOK_MS)]).then(() => Promise.reject(error as Error)),
    );
    over.abort();
    mustBeReadable(end, handle.workflowId);
    await Promise.race([stepsShown, pause(LOOK_MS)]);
    if (end) show(end.steps);
    return end;
  } finally {
    over.abort();
    await eyes;
    terminal.status(undefined);
  }
}

/** Queries fail while there is no worker or one is being replaced. */
async function showSteps(
  { client, handle, terminal, tokens = false }: FollowOptions,
  over: AbortSignal,
  show: (steps: readonly Step[]) => void,
  shown: Shown,
): Promise<void> {
  let told = '';
  const ended = new Set<string>();
  while (!over.aborted) {
    try {
      for await (const { steps, samples = [], waiting } of handle.watch({ signal: over, changes: true })) {
        show(steps);
        shown.samples = samples;
        for (const sample of samples)
          if (sample.stopReason !== undefined && !ended.has(sample.id)) {
            ended.add(sample.id);
            terminal.line(terminal.style('dim', printable(sampleText(sample))));
          }
        if (waiting && waiting.id !== told) showWaiting(terminal, waiting, handle.workflowId);
        told = waiting?.id ?? told;
        if (!tokens) continue;
        const texts = await handle.workflow.describe().then((now) => pendingTexts(client.workflow, now));
        shown.words = newestWords(texts.findLast(({ index }) => index >= steps.length)?.text);
        terminal.status(`${shown.doing}${shown.words}`);
      }
      return;
    } catch {
      await pause(LOOK_MS, over);
    }
  }
}

/** Shows the current call, and calls that are retried and why. */
async function watchCalls(
  { client, handle, terminal, taskQueue }: FollowOptions,
  over: AbortSignal,
  shown: Shown,
): Promise<void> {
  const tell = warnOnce(terminal);
  let idle = 0;
  let waiting = { call: '', looks: 0 };
  while (!over.aborted) {
    const description = await handle.workflow.describe().catch((error: unknown) => {
      if (!over.aborted && isServerAway(error)) tell(SERVER_AWAY);
      return undefined;
    });
    if (over.aborted) return;
    const pending = description?.raw.pendingActivities ?? [];
    const newest = pending.at(-1);
    const unserved = description ? await tellWhatHolds(client, description, tell) : [];
    const call = unserved.length > 0 ? '' : untaken(pending);
    waiting = { call, looks: call !== '' && call === waiting.call ? waiting.looks + 1 : 0 };
    if (waiting.looks === PATIENCE)
      tell(
        `No worker has taken ${newest?.activityType?.name} for ${PATIENCE} s: the one that polls its queue does not run, or is busy.`,
      );
    const asked = waitingFor(description?.memo);
    shown.doing =
      asked !== undefined
        ? `waits for a person: ${asked}`
        : `${underWay(shown)}: ${newest?.activityType?.name ? doing(newest.activityType.name) : 'working'}`;
    terminal.status(`${shown.doing}${shown.words}`);
    idle = pending.length > 0 || shown.steps > 0 || (description?.historyLength ?? 0) > 2 ? 0 : idle + 1;
    if (idle === PATIENCE && taskQueue)
      tell(
        `No worker has taken the solution yet from queue ${taskQueue}; start one with husky worker, or look at the running one.`,
      );
    await pause(LOOK_MS, over);
  }
}

/** The step that is being taken, or that of each sample which runs. */
function underWay({ steps, samples }: Shown): string {
  const running = samples.filter(({ stopReason }) => stopReason === undefined);
  if (running.length === 0) return `step ${steps + 1}`;
  return running.map(({ id, steps }) => `sample ${id.split('-').at(-1)} step ${steps + 1}`).join(', ');
}

/** The end of a text that grows, short enough for a line. */
function newestWords(text = ''): string {
  const words = text.slice(-NEWEST_WORDS).replace(/\s+/g, ' ').trim();
  return words === '' ? '' : ` › ${text.length > NEWEST_WORDS ? '…' : ''}${words}`;
}

interface PendingCall {
  activityId?: string | null;
  state?: number | null;
  lastFailure?: unknown;
}

/** The call that waits for a worker; empty if there is none. */
function untaken(pending: readonly PendingCall[]): string {
  const newest = pending.at(-1);
  const isWaiting = newest?.state === SCHEDULED && !newest.lastFailure;
  return isWaiting ? (newest.activityId ?? '') : '';
}
