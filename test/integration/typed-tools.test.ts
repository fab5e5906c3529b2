import { Worker } from '@temporalio/worker';
import { z } from 'zod';
import type { HuskyConfigInput } from '../../src/config';
import type { TypedToolInput } from '../../src/contract/profile';
import type { Model } from '../../src/models/model';
import type { ContextParts } from '../../src/runtime/open-context';
import { toolActivities } from '../../src/runtime/tool-activities';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { defineTool, rejectArguments } from '../../src/tools/define-tool';
import type { Solution } from '../../src/trajectory/step';
import { startServer, withWorkers, type TestServer } from './harness';
import { largeErrors, unwritableErrors } from './odd-errors';

jest.setTimeout(600_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const given: unknown[] = [];
const weather = defineTool({
  name: 'weather',
  description: 'tells the weather of a town on a day',
  input: z.object({ town: z.string(), day: z.number().int().default(1) }),
  run: (args) => {
    given.push(args);
    return `The wind in ${args.town} is 5 m/s.`;
  },
});

const windy: ScriptedSolution = {
  question: 'How strong is the wind in Oslo twice over, in metres per second?',
  steps: [
    {
      tool: 'weather',
      step: 'Ask for the wind in Oslo.',
      arguments: { town: 'Oslo' },
      output: 'The wind in Oslo is 5 m/s.',
    },
    { tool: 'code', step: 'Double 5.', code: 'console.log(10)', observation: '10', output: 'It is 10 m/s.' },
  ],
  answer: '10',
};

/** A model whose arguments are written one after the other; everything else is the script's. */
function writes(answers: readonly string[], parts: ContextParts): { parts: ContextParts; prompts: string[] } {
  const prompts: string[] = [];
  const scripted = parts.model as (expert: string) => Model;
  const model = (expert: string): Model =>
    expert !== 'arguments'
      ? scripted(expert)
      : {
          name: 'writer',
          generate: async ({ prompt }) => {
            prompts.push(prompt);
            const text = answers[prompts.length - 1] ?? answers.at(-1) ?? '';
            return {
              text,
              finishReason: 'stop',
              model: 'writer',
              usage: { calls: 1, inputTokens: 1, outputTokens: 1 },
            };
          },
        };
  return { parts: { ...parts, model }, prompts };
}

const ways: [name: string, config: Partial<HuskyConfigInput>][] = [
  ['an activity a call', {}],
  ['twenty steps an activity', { stepsPerActivity: 20 }],
  ['a queue for each expert', { queues: { mode: 'separate' } }],
];

test.each(ways)('a defined tool is called with the arguments that a model writes: %s', async (_, config) => {
  given.length = 0;
  const { parts } = scriptSolutions([windy]);
  const options = { config, parts: { ...parts, tools: [weather] } };
  const solution = await withWorkers(server, options, (husky) => husky.solve(windy.question));
  expect(solution).toMatchObject({ answer: '10', stopReason: 'finished' });
  expect(solution.steps).toEqual([
    expect.objectContaining({
      index: 0,
      tool: 'weather',
      arguments: { town: 'Oslo' },
      observation: 'The wind in Oslo is 5 m/s.',
      output: 'The wind in Oslo is 5 m/s.',
      model: { action: 'scripted-action', arguments: 'scripted-arguments' },
      attempts: 1,
    }),
    expect.objectContaining({ index: 1, tool: 'code', output: 'It is 10 m/s.' }),
  ]);
  expect(solution.usage.calls).toBe(6);
  expect(given).toEqual([{ town: 'Oslo', day: 1 }]);
});

test('a tool that takes a sentence works with several steps in an activity, on a queue of its own', async () => {
  const { parts } = scriptSolutions([windy]);
  const tools = [{ name: 'weather', description: 'tells it', activity: 'askWeather', taskQueue: 'sentence-desk' }];
  const desk = await Worker.create({
    connection: server.native,
    taskQueue: 'sentence-desk',
    activities: {
      askWeather: async ({ step }: { step: string }) => ({ output: 'The wind in Oslo is 5 m/s.', observation: step }),
    },
  });
  const options = { config: { tools, stepsPerActivity: 8 }, parts };
  const solution = await desk.runUntil(withWorkers(server, options, (husky) => husky.solve(windy.question)));
  expect(solution).toMatchObject({
    answer: '10',
    steps: [{ tool: 'weather', observation: 'Ask for the wind in Oslo.' }, {}],
  });
  expect(solution.usage.calls).toBe(5);
});

test('a tool of the configuration has a worker of its own; a model may word its result', async () => {
  const { parts } = scriptSolutions([{ ...windy, steps: [{ ...windy.steps[0]!, output: 'It blows at 5 m/s.' }] }]);
  const input = { type: 'object', properties: { town: { type: 'string' } }, required: ['town'] };
  const tool = {
    name: 'weather',
    description: 'tells it',
    activity: 'askWeather',
    taskQueue: 'typed-desk',
    input,
    rewrite: true,
  };
  const desk = await Worker.create({
    connection: server.native,
    taskQueue: 'typed-desk',
    activities: { askWeather: async ({ arguments: args, step }: TypedToolInput) => ({ args, step, wind: 5 }) },
  });
  const options = { config: { tools: [tool] }, parts };
  const solution = await desk.runUntil(withWorkers(server, options, (husky) => husky.solve(windy.question)));
  expect(solution.steps[0]).toMatchObject({
    observation: '{"args":{"town":"Oslo"},"step":"Ask for the wind in Oslo.","wind":5}',
    output: 'It blows at 5 m/s.',
    model: { 'search-rewrite': 'scripted-commonsense' },
  });
});

const solveWith = (tool: typeof weather, answers: string[], limits = { maxSteps: 1 }) => {
  const { parts } = scriptSolutions([windy]);
  const writer = writes(answers, { ...parts, tools: [tool] });
  const options = { config: { limits, retry: { initialMs: 10 }, stepsPerActivity: 4 }, parts: writer.parts };
  return withWorkers(server, options, (husky) => husky.solve(windy.question)).then((solution) => ({
    step: solution.steps[0] as Solution['steps'][number],
    prompts: writer.prompts,
  }));
};

test('arguments that do not fit are shown to the model, and mended', async () => {
  const { step, prompts } = await solveWith(weather, ['{"place":"Oslo"}', 'Oslo', '{"town":"Oslo"}']);
  expect(step).toMatchObject({ arguments: { town: 'Oslo' }, output: 'The wind in Oslo is 5 m/s.', attempts: 3 });
  expect(prompts[1]).toContain('{"place":"Oslo"}');
  expect(prompts[1]).toContain("must have required property 'town'");
  expect(prompts[2]).toContain('there is no JSON object in it');
});

test('arguments that never fit end the step, not the solution', async () => {
  const { step, prompts } = await solveWith(weather, ['{"town":5}']);
  expect(prompts).toHaveLength(3);
  expect(step).toMatchObject({
    attempts: 3,
    output: 'The tool did not take its arguments: town must be string',
    failure: { kind: 'arguments-invalid', message: 'town must be string' },
  });
});

test('a tool that refuses its arguments by what it knows has them mended', async () => {
  const strict = defineTool({
    name: 'weather',
    description: 'tells it',
    input: z.object({ town: z.string() }),
    run: ({ town }) => {
      if (town !== 'Oslo') throw rejectArguments(`there is no town ${town}; there is Oslo.`);
      return 'rain';
    },
  });
  const { step, prompts } = await solveWith(strict, ['{"town":"Olso"}', '{"town":"Oslo"}']);
  expect(step).toMatchObject({ output: 'rain', attempts: 2 });
  expect(prompts[1]).toContain('there is no town Olso; there is Oslo.');
});

test('a tool that fails is tried again as often as it says; then the action generator is told', async () => {
  let calls = 0;
  const broken = defineTool({
    name: 'weather',
    description: 'tells it',
    input: z.object({ town: z.string() }),
    maxAttempts: 2,
    run: () => {
      calls += 1;
      throw new Error(`the station is on fire ${'x'.repeat(3_000_000)}`);
    },
  });
  const { step } = await solveWith(broken, ['{"town":"Oslo"}']);
  expect(calls).toBe(2);
  expect(step.output).toMatch(/^The tool failed: the station is on fire x+/);
  expect(step.output.length).toBeLessThan(1000);
  expect(step.failure?.kind).toBe('tool-failed');
});

test.each([...largeErrors(6_000_000), ...unwritableErrors])('whatever a tool throws is told: %s', async (_, error) => {
  const broken = defineTool({
    name: 'weather',
    description: 'tells it',
    input: z.object({ town: z.string() }),
    maxAttempts: 1,
    timeoutMs: 5000,
    run: () => {
      throw error();
    },
  });
  const { step } = await solveWith(broken, ['{"town":"Oslo"}']);
  expect(step.output).toMatch(/^The tool failed: .*(the station is on fire|short)/);
});

test('a tool that is silent for longer than its time is given up', async () => {
  const slow = defineTool({
    name: 'weather',
    description: 'tells it',
    input: z.object({ town: z.string() }),
    timeoutMs: 300,
    maxAttempts: 1,
    run: (_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  });
  const { step } = await solveWith(slow, ['{"town":"Oslo"}']);
  expect(step.output).toMatch(/^The tool failed: it gave no answer within its time/);
});

test('of a result of 3 MB both ends reach the solution', async () => {
  const wordy = defineTool({
    name: 'weather',
    description: 'tells it',
    input: z.object({ town: z.string() }),
    run: () => `begin ${'x'.repeat(3_000_000)} end`,
  });
  const { step } = await solveWith(wordy, ['{"town":"Oslo"}']);
  expect(step.output).toMatch(/^begin x+\n\[\.\.\. cut, 3000010 characters[^]* end$/);
  expect(step.failure).toBeUndefined();
});

test('a tool whose activity nobody has is told as such', async () => {
  const { parts } = scriptSolutions([windy]);
  const tools = [
    { name: 'weather', description: 'tells it', activity: 'nobodyHasIt', input: { type: 'object' }, maxAttempts: 1 },
  ];
  const solution = await withWorkers(server, { config: { tools, limits: { maxSteps: 1 } }, parts }, (husky) =>
    husky.solve(windy.question),
  );
  expect(solution.steps[0]?.output).toMatch(/^The tool failed: .*nobodyHasIt.* is not registered/);
});

test('a cancelled solution aborts the tool in flight', async () => {
  let begun: () => void = () => undefined;
  let aborted: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  const ended = new Promise<void>((resolve) => (aborted = resolve));
  const endless = defineTool({
    name: 'weather',
    description: 'tells it',
    input: z.object({ town: z.string() }),
    run: (_, { signal }) => {
      begun();
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          aborted();
          reject(signal.reason as Error);
        }),
      );
    },
  });
  const { parts } = scriptSolutions([windy]);
  const options = { config: { stepsPerActivity: 8 }, parts: { ...parts, tools: [endless] } };
  await withWorkers(server, options, async (husky) => {
    const handle = await husky.start(windy.question);
    await running;
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    await ended;
  });
});

test('a worker of tools alone carries them out on a queue of its own', async () => {
  const { parts } = scriptSolutions([windy]);
  const [tool] = [
    defineTool({
      name: 'weather',
      description: 'tells it',
      input: z.object({ town: z.string() }),
      taskQueue: 'far-desk',
      run: () => 'from afar',
    }),
  ];
  const desk = await Worker.create({
    connection: server.native,
    taskQueue: 'far-desk',
    activities: toolActivities([tool]),
  });
  const { settings } = tool;
  const tools = [{ ...settings, activity: 'huskyTool_weather' }];
  const solution = await desk.runUntil(
    withWorkers(server, { config: { tools, limits: { maxSteps: 1 } }, parts }, (husky) => husky.solve(windy.question)),
  );
  expect(solution.steps[0]?.output).toBe('from afar');
});
