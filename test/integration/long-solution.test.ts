/** In a long solution the last step costs what the first did. */
import type { SolutionHandle } from '../../src/client';
import type { Model } from '../../src/models/model';
import type { ContextParts } from '../../src/runtime/open-context';
import { startServer, withWorkers, type TestServer } from './harness';

let server: TestServer;
beforeAll(async () => {
  // So that the solution takes several runs, as a longer one does with the server's own limit.
  server = await startServer({ 'limit.historyCount.suggestContinueAsNew': '512' });
});
afterAll(() => server.stop());

const QUESTION = 'A walk has many signposts, each naming the next. What does the last one name?';
const output = (index: number) =>
  `Signpost <${index}> follows after ${(index * 7) % 60} turns; ${'it names the next place on the way. '.repeat(3).trim()}`;

interface Walk {
  parts: ContextParts;
  /** Calls so far. */
  asked: () => number;
  /** What the math reasoner was shown last. */
  shown: () => string;
}

/**
 * A walk of `count` signposts: the next one is told from the last one that the prompt shows.
 *
 * @param meanwhile done while the math reasoner is asked for a signpost
 */
function walker(count: number, meanwhile?: (signpost: number) => Promise<void>): Walk {
  let asked = 0;
  let shown = '';
  const answer = (expert: string, prompt: string) => {
    const last = Number([...prompt.matchAll(/Signpost <(\d+)> follows/g)].at(-1)?.[1] ?? 0);
    if (expert !== 'action') return output(last + 1);
    if (last === count) return '[finish] The answer is home.';
    return `[math] Work out signpost number <${last + 1}> from the one before it, counting the turns on the way.`;
  };
  const model = (expert: string): Model => ({
    name: 'walker',
    generate: async ({ prompt }) => {
      asked += 1;
      const text = answer(expert, prompt);
      if (expert === 'math') {
        shown = prompt;
        await meanwhile?.(Number(/<(\d+)>/.exec(text)?.[1]));
      }
      const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
      return { text, finishReason: 'stop', model: 'walker', usage };
    },
  });
  return { parts: { model }, asked: () => asked, shown: () => shown };
}

const models = (contextTokens: number) => ({
  default: { provider: 'openai' as const, baseUrl: 'http://127.0.0.1:9/v1', model: 'walker', contextTokens },
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

interface Run {
  steps: number;
  bytesPerStep: number;
}

/** Steps and bytes of each run of a solution that was continued as new, oldest first. */
async function runsOf(handle: SolutionHandle): Promise<Run[]> {
  const { client } = handle.workflow;
  const runs: Run[] = [];
  const first = (await handle.workflow.describe()).raw.workflowExecutionInfo?.firstRunId;
  let runId = first || undefined;
  while (runId) {
    const { events } = await client.getHandle(handle.workflowId, runId).fetchHistory();
    const steps = (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'huskyReasonMath',
    ).length;
    const sizes = (events ?? []).map((event) =>
      Number(event.workflowTaskStartedEventAttributes?.historySizeBytes ?? 0),
    );
    const [before = 0] = sizes.filter((size) => size > 0);
    runs.push({ steps, bytesPerStep: (Math.max(...sizes) - before) / steps });
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId || undefined;
  }
  return runs;
}

/** A thousand in the run that benchmarks/loop/README.md tells of; fewer here, since every step is four round trips to the server. */
const STEPS = Number(process.env.HUSKY_LONG_STEPS ?? 150);

test('many steps, an activity a call: every run of the workflow stores the same few bytes a step (T15)', async () => {
  const queries = { trajectory: [] as number[], nothing: [] as number[] };
  const resident: number[] = [];
  let handle: SolutionHandle;
  const { parts, asked } = walker(STEPS, async (signpost) => {
    if (signpost === Math.ceil(STEPS / 4) || signpost === STEPS) resident.push(process.memoryUsage().rss);
    if (signpost !== STEPS) return;
    for (let look = 0; look < 40; look += 1) {
      queries.trajectory.push(await timed(() => handle.progress()));
      queries.nothing.push(await timed(() => handle.progress('of no solution')));
    }
  });
  await withWorkers(server, { parts, config: { stepsPerActivity: 0, models: models(8192) } }, async (husky) => {
    handle = await husky.start(QUESTION, { limits: { maxSteps: STEPS } });
    const { answer, steps, stopReason } = await handle.result();
    expect({ answer, stopReason }).toEqual({ answer: 'home', stopReason: 'finished' });
    expect(steps.map((step) => step.output)).toEqual(steps.map((_, index) => output(index + 1)));
    expect(steps).toHaveLength(STEPS);
    expect(asked()).toBe(2 * STEPS + 1);
    const [served, nothing] = [Math.min(...queries.trajectory), Math.min(...queries.nothing)];
    if (process.env.HUSKY_LONG_STEPS)
      console.info(
        `query ${served.toFixed(1)} ms at best, ${median(queries.trajectory).toFixed(1)} as a rule, without a trajectory ${nothing.toFixed(1)}; ` +
          `resident ${resident.map((bytes) => Math.round(bytes / 1e6)).join(' to ')} MB`,
      );
    // A query that carries nothing takes a millisecond or two, or as long as a busy machine makes it wait.
    expect(served - nothing).toBeLessThan(48);
    // Keeping what each call was shown would take STEPS times a prompt, 24 MB at a thousand steps, in each of several places.
    expect((resident[1] ?? Infinity) - (resident[0] ?? 0)).toBeLessThan(80e6);

    const runs = await runsOf(handle);
    expect(runs.length).toBeGreaterThan(2);
    expect(runs.reduce((sum, run) => sum + run.steps, 0)).toBe(STEPS);
    const whole = runs.slice(0, -1).map(({ bytesPerStep }) => bytesPerStep);
    expect(Math.max(...whole)).toBeLessThan(4096);
    expect(Math.max(...whole)).toBeLessThan(1.1 * Math.min(...whole));

    const progress = await handle.progress();
    expect(progress?.steps).toHaveLength(STEPS);
    expect(JSON.stringify(progress).length).toBeLessThan(1000 * STEPS);
  });
}, 600_000);

test('many steps, twenty an activity: the same solution in less than an event a step', async () => {
  const { parts, asked } = walker(STEPS);
  await withWorkers(server, { parts, config: { stepsPerActivity: 20, models: models(8192) } }, async (husky) => {
    const handle = await husky.start(QUESTION, { limits: { maxSteps: STEPS } });
    const { answer, steps } = await handle.result();
    expect(answer).toBe('home');
    expect(steps.map((step) => step.output)).toEqual(steps.map((_, index) => output(index + 1)));
    expect(steps).toHaveLength(STEPS);
    expect(asked()).toBe(2 * STEPS + 1);
    const info = (await handle.workflow.describe()).raw.workflowExecutionInfo;
    expect(Number(info?.historyLength)).toBeLessThan(STEPS);
  });
}, 600_000);

test('a history that outgrows the context is shortened from its oldest end, and each step says so', async () => {
  const { parts, shown } = walker(60);
  await withWorkers(server, { parts, config: { models: models(4000) } }, async (husky) => {
    const { answer, steps } = await husky.solve(QUESTION, { limits: { maxSteps: 60 } });
    expect(answer).toBe('home');
    const fitted = steps.map((step) => step.fitted);
    expect(fitted[0]).toBeUndefined();
    const recorded = fitted.slice(fitted.findIndex((one) => one !== undefined));
    expect(recorded.length).toBeGreaterThan(10);
    expect(recorded).not.toContain(undefined);
    const lost = recorded.map((one) => (one?.shortened ?? 0) + 1000 * (one?.omitted ?? 0));
    expect(lost).toEqual([...lost].sort((a, b) => a - b));
    const last = recorded.at(-1);
    if (last && last.omitted > 0) expect(shown()).toContain(`(${last.omitted} earlier steps)`);
    expect(shown()).toContain(output(steps.length - 1));
  });
});
