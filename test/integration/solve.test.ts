import { WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { createFailure } from '../../src/failures';
import type { SolutionHandle } from '../../src/client';
import type { Solution } from '../../src/trajectory/step';
import { scriptSolutions, type ScriptedCall, type ScriptedSolution } from '../../src/testing';
import type { CustomToolInput } from '../../src/contract/profile';
import { startServer, withWorkers, type TestServer } from './harness';
import { startScriptedServers } from './scripted-servers';
import { counting, spiders } from './solutions';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const count = (calls: ScriptedCall[], part: ScriptedCall['part']) => calls.filter((call) => call.part === part).length;

test('solves a question with every built-in tool, one call each, and records what made it', async () => {
  const script = scriptSolutions([spiders]);
  const solution = await withWorkers(server, { parts: script.parts }, (husky) => husky.solve(spiders.question));
  expect(solution).toMatchObject({
    answer: '96',
    stopReason: 'finished',
    partial: false,
    prompts: { style: 'few-shot' },
  });
  expect(solution.steps.map(({ tool, output }) => [tool, output])).toEqual(
    spiders.steps.map(({ tool, output }) => [tool, output]),
  );
  expect(solution.steps[0]).toMatchObject({
    query: 'insects in jar 7',
    observation: 'Jar 7: 12 insects',
    model: { action: 'scripted-action', query: 'scripted-query', 'search-rewrite': 'scripted-commonsense' },
  });
  expect(solution.steps[3]).toMatchObject({ code: 'console.log(12 * 6 + 24)', observation: '96', attempts: 1 });
  const calls = script.calls.map(({ part }) => part);
  expect(calls).toEqual([
    ...['action', 'query', 'search', 'commonsense'],
    ...['action', 'commonsense'],
    ...['action', 'math'],
    ...['action', 'code', 'execute', 'commonsense'],
    'action',
  ]);
  expect(solution.usage.calls).toBe(calls.filter((part) => part !== 'search' && part !== 'execute').length);
  expect(solution.usage.outputTokens).toBeGreaterThan(0);
});

test('each expert is called on its own queue when roles are apart', async () => {
  const script = scriptSolutions([spiders]);
  await withWorkers(
    server,
    { parts: script.parts, config: { queues: { mode: 'separate' } } },
    async (husky, prefix) => {
      const handle = await husky.start(spiders.question);
      expect((await handle.result()).answer).toBe('96');
      const { events } = await handle.workflow.fetchHistory();
      const queues = new Set(
        events?.map((event) => event.activityTaskScheduledEventAttributes?.taskQueue?.name).filter(Boolean),
      );
      expect([...queues].sort()).toEqual(
        ['action', 'code', 'commonsense', 'math', 'query', 'tool'].map((role) => `${prefix}-husky-${role}`).sort(),
      );
    },
  );
});

test('with an endpoint for each expert, each is asked its own calls and no others', async () => {
  const servers = await startScriptedServers([spiders]);
  try {
    await withWorkers(server, { config: servers.config }, async (husky) => {
      expect((await husky.solve(spiders.question)).answer).toBe('96');
    });
    const asked = (part: string) => servers.calls.filter((call) => call.part === part).map(({ input }) => input);
    expect(asked('action')).toHaveLength(5);
    expect(asked('query')).toEqual([expect.stringContaining('Find the number of insects in jar 7.')]);
    expect(asked('search')).toEqual(['insects in jar 7']);
    expect(asked('math')).toEqual([expect.stringContaining('Multiply 3 by 8 for the spiders.')]);
    expect(asked('code')).toEqual([expect.stringContaining('Compute 12 times 6 plus 24.')]);
    // The reasoner also rewrites what the search and the program gave.
    expect(asked('commonsense')).toHaveLength(3);
    expect(servers.calls).toHaveLength(12);
  } finally {
    await servers.close();
  }
});

test('the Temporal UI shows the question, each call in one line, and the trajectory', async () => {
  const script = scriptSolutions([spiders]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(spiders.question);
    await handle.result();
    const description = await handle.workflow.describe();
    expect(await description.staticSummary()).toBe(spiders.question);
    expect(description.memo).toMatchObject({ models: { action: 'scripted' }, prompts: { style: 'few-shot' } });
    const history = await handle.workflow.fetchHistory();
    const summaries = history.events?.flatMap((event) =>
      event.activityTaskScheduledEventAttributes && event.userMetadata?.summary?.data
        ? [JSON.parse(Buffer.from(event.userMetadata.summary.data).toString()) as string]
        : [],
    );
    expect(summaries).toContain('[search] Find the number of insects in jar 7.');
    expect(summaries).toContain('[code] Compute 12 times 6 plus 24.');
    type Messages = { name: string; description?: string }[];
    const { currentDetails, definition } = await handle.workflow.query<{
      currentDetails?: string;
      definition: { queryDefinitions: Messages; signalDefinitions: Messages; updateDefinitions: Messages };
    }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('**Answer** 96');
    const ours = [
      ...definition.queryDefinitions,
      ...definition.signalDefinitions,
      ...definition.updateDefinitions,
    ].filter(({ name }) => name.startsWith('husky'));
    // Each of the seven updates of people is a signal, too.
    expect(ours).toHaveLength(18);
    for (const { description } of ours) expect(description).toMatch(/Input: /);
  });
});

// The SDK's core gives up an activity whose heartbeats it has not sent itself for the heartbeat timeout and five seconds.
test('a call that outlasts the heartbeat timeout by far is made once, with any journal and steps an activity', async () => {
  const kinds = [
    ['server', 0],
    ['server', 8],
    ['file', 8],
  ] as const;
  const solvedBy = kinds.map(async ([journal, stepsPerActivity]) => {
    const script = scriptSolutions([spiders], { delayMs: ({ part }) => (part === 'math' ? 9000 : 0) });
    const config = { journal, stepsPerActivity, timeouts: { heartbeatMs: 1000 } };
    const { answer } = await withWorkers(server, { parts: script.parts, config }, (husky) =>
      husky.solve(spiders.question),
    );
    return { journal, stepsPerActivity, answer, calls: script.calls.length };
  });
  expect(await Promise.all(solvedBy)).toEqual(
    kinds.map(([journal, stepsPerActivity]) => ({ journal, stepsPerActivity, answer: '96', calls: 13 })),
  );
}, 60_000);

test('a finish in the last allowed call counts; without it the last program result is the answer, marked as partial', async () => {
  const three = counting(3);
  const script = scriptSolutions([three]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const exact = await husky.solve(three.question, { limits: { maxSteps: 3 } });
    expect(exact).toMatchObject({ answer: '3', stopReason: 'finished', partial: false });
    const short = await husky.solve(three.question, { limits: { maxSteps: 2 } });
    expect(short).toMatchObject({ answer: '2', stopReason: 'max-steps', partial: true });
    expect(short.steps).toHaveLength(2);
  });
});

test('a token budget stops a solution with the best answer so far', async () => {
  const long = counting(30);
  const script = scriptSolutions([long]);
  const solution = await withWorkers(server, { parts: script.parts }, (husky) =>
    husky.solve(long.question, { limits: { maxSteps: 50, maxTokens: 3000 } }),
  );
  expect(solution.stopReason).toBe('token-budget');
  expect(solution.steps.length).toBeGreaterThan(0);
  expect(solution.answer).toBe(String(solution.steps.length));
});

test('a deadline and a person can end a solution early; calls in flight are aborted', async () => {
  const long = counting(50);
  const script = scriptSolutions([long], { delayMs: ({ input }) => (input.includes('Ada said 2.') ? 600_000 : 0) });
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const late = await husky.solve(long.question, { limits: { maxSteps: 60, deadlineMs: 4000 } });
    expect(late).toMatchObject({ stopReason: 'deadline', answer: '2', partial: true });
    const handle = await husky.start(long.question, { limits: { maxSteps: 60 } });
    for await (const { steps } of handle.watch()) if (steps.length === 2) break;
    await handle.finishNow();
    expect(await handle.result()).toMatchObject({ stopReason: 'finish-now', answer: '2', partial: true });
  });
});

test('a cancelled solution ends as cancelled, and its trajectory can still be read', async () => {
  const long = counting(50);
  const script = scriptSolutions([long], { delayMs: ({ input }) => (input.includes('Ada said 1.') ? 600_000 : 0) });
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(long.question, { limits: { maxSteps: 60 } });
    for await (const { steps } of handle.watch()) if (steps.length === 1) break;
    await handle.cancel();
    const error = await handle.result().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    expect(await handle.progress()).toMatchObject({ stopReason: 'cancelled', answer: '1' });
  });
});

test('failures that may pass are tried again; those that cannot end the solution with their type and advice', async () => {
  let refusals = 0;
  const script = scriptSolutions([spiders], {
    fail: ({ part }) => {
      if (part !== 'math' || refusals >= 2) return undefined;
      refusals += 1;
      return createFailure('ModelOverloaded', 'Too many requests.', { nextRetryDelayMs: 50 });
    },
  });
  const solution = await withWorkers(server, { parts: script.parts }, (husky) => husky.solve(spiders.question));
  expect(solution.answer).toBe('96');
  expect(count(script.calls, 'math')).toBe(3);

  const refused = scriptSolutions([spiders], {
    fail: ({ part }) => (part === 'query' ? createFailure('ModelAuthentication', 'The key was refused.') : undefined),
  });
  const error = await withWorkers(server, { parts: refused.parts }, (husky) =>
    husky.solve(spiders.question).catch((cause: unknown) => cause),
  );
  const activity = (error as WorkflowFailedError).cause as ActivityFailure;
  expect(activity).toBeInstanceOf(ActivityFailure);
  expect(activity.cause).toBeInstanceOf(ApplicationFailure);
  expect(activity.cause).toMatchObject({ type: 'ModelAuthentication', nonRetryable: true });
  expect(count(refused.calls, 'query')).toBe(1);

  // A test that forgets to say so must not wait for ever.
  const plain = scriptSolutions([spiders], {
    fail: ({ part }) => (part === 'query' ? new RangeError('out of luck') : undefined),
  });
  const ended = await withWorkers(server, { parts: plain.parts }, (husky) =>
    husky.solve(spiders.question).catch((cause: unknown) => cause),
  );
  expect(((ended as WorkflowFailedError).cause as ActivityFailure).cause).toMatchObject({
    type: 'RangeError',
    message: 'out of luck',
    nonRetryable: true,
  });
  expect(count(plain.calls, 'query')).toBe(1);
});

test('a server that asks to be tried again at once does not end the solution', async () => {
  let failures = 0;
  const fail = () =>
    failures++ < 2 ? createFailure('ModelOverloaded', 'Busy; Retry-After: 0.', { nextRetryDelayMs: 0 }) : undefined;
  const script = scriptSolutions([counting(1)], { fail });
  const solution = await withWorkers(server, { parts: script.parts }, (husky) => husky.solve(counting(1).question));
  expect(solution).toMatchObject({ answer: '1', stopReason: 'finished' });
});

test('an empty search is told as such and never reaches the rewriter', async () => {
  const script = scriptSolutions([
    { ...spiders, steps: spiders.steps.map((step) => (step.tool === 'search' ? { ...step, observation: '' } : step)) },
  ]);
  const solution = await withWorkers(server, { parts: script.parts }, (husky) => husky.solve(spiders.question));
  expect(solution.steps[0]).toMatchObject({
    tool: 'search',
    output: 'The search found nothing.',
    failure: { kind: 'search-empty', message: 'nothing was found' },
    error: 'nothing was found',
  });
  expect(solution.steps[0]?.model).not.toHaveProperty('search-rewrite');
});

test('a long solution is pulled by query: its history grows by the same number of bytes a step', async () => {
  const long = counting(40);
  const script = scriptSolutions([long]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(long.question, { limits: { maxSteps: 45 } });
    expect((await handle.result()).answer).toBe('40');
    const { events = [] } = await handle.workflow.fetchHistory();
    const sizes = (events ?? []).flatMap((event) =>
      event.activityTaskScheduledEventAttributes?.activityType?.name === 'huskyPredictAction'
        ? [event.activityTaskScheduledEventAttributes.input?.payloads?.[0]?.data?.length ?? 0]
        : [],
    );
    expect(Math.max(...sizes.slice(20))).toBeLessThan(Math.max(...sizes.slice(0, 20)) + 50);
  });
});

describe('several steps in one activity', () => {
  test('give the same solution with fewer events', async () => {
    const script = scriptSolutions([spiders]);
    await withWorkers(server, { parts: script.parts, config: { stepsPerActivity: 8 } }, async (husky) => {
      const whole = await husky.start(spiders.question);
      const apart = await husky.start(spiders.question, { stepsPerActivity: 0 });
      const strip = ({ steps, answer, usage, stopReason }: Solution) => ({
        steps: steps.map((step) => ({ ...step, durationMs: 0 })),
        answer,
        usage,
        stopReason,
      });
      expect(strip(await whole.result())).toEqual(strip(await apart.result()));
      const events = async (handle: SolutionHandle) => (await handle.workflow.fetchHistory()).events?.length ?? 0;
      expect(await events(whole)).toBeLessThan((await events(apart)) / 3);
    });
  });

  test('a failed call is tried again and nothing before it is', async () => {
    let refusals = 0;
    const script = scriptSolutions([spiders], {
      fail: ({ part }) => {
        if (part !== 'math' || refusals >= 2) return undefined;
        refusals += 1;
        return createFailure('ModelOverloaded', 'Too many requests.', { nextRetryDelayMs: 50 });
      },
    });
    const config = { stepsPerActivity: 8 };
    const solution = await withWorkers(server, { parts: script.parts, config }, (husky) =>
      husky.solve(spiders.question),
    );
    expect(solution.answer).toBe('96');
    const answered = script.calls.filter(({ output }) => output !== undefined).map(({ input }) => input);
    expect(answered).toHaveLength(new Set(answered).size);
    expect(count(script.calls, 'math')).toBe(3);
  });

  test('finishing now keeps the steps that were taken inside the activity', async () => {
    const long = counting(50);
    const script = scriptSolutions([long], { delayMs: ({ input }) => (input.includes('Ada said 3.') ? 600_000 : 0) });
    const config = { stepsPerActivity: 20, timeouts: { heartbeatMs: 1500 } };
    await withWorkers(server, { parts: script.parts, config }, async (husky) => {
      const handle = await husky.start(long.question, { limits: { maxSteps: 60 } });
      while (!script.calls.some(({ input }) => input.includes('Ada said 3.')))
        await new Promise((next) => setTimeout(next, 50));
      await handle.finishNow();
      expect(await handle.result()).toMatchObject({ stopReason: 'finish-now', answer: '3', partial: true });
    });
  });
});

test('a custom tool is an activity of the user, offered to the action generator', async () => {
  const weather: ScriptedSolution = {
    question: 'How strong is the wind in Oslo, in metres per second?',
    steps: [{ tool: 'weather', step: 'Ask for the wind in Oslo.', output: 'The wind is 5 m/s.' }],
    answer: '5',
  };
  const script = scriptSolutions([weather]);
  const tool = {
    name: 'weather',
    description: 'tells the weather of a town',
    activity: 'askWeather',
    taskQueue: 'weather-desk',
  };
  const askWeather = async ({ step }: CustomToolInput) => ({
    output: 'The wind is 5 m/s.',
    observation: `heard: ${step}`,
  });
  const desk = await Worker.create({
    connection: server.native,
    taskQueue: tool.taskQueue,
    activities: { askWeather },
  });
  const solution = await desk.runUntil(
    withWorkers(server, { parts: script.parts, config: { tools: [tool] } }, (husky) => husky.solve(weather.question)),
  );
  expect(solution.steps[0]).toMatchObject({
    tool: 'weather',
    output: 'The wind is 5 m/s.',
    observation: 'heard: Ask for the wind in Oslo.',
  });
  expect(solution.answer).toBe('5');
  expect(script.calls[0]?.input).toContain('tells the weather of a town');
});
