import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { CustomToolInput } from '../../src/contract/profile';
import type { Solution } from '../../src/trajectory/step';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { boundTools } from '../../src/runtime/tool-bounds';
import { startServer, withWorkers, type TestServer } from './harness';
import { largeErrors, unwritableErrors } from './odd-errors';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Of what a tool may return: its name in the question, the value, and the output and failure that the step is to have. */
const returned: [name: string, value: () => unknown, output: unknown, failure?: RegExp][] = [
  ['no return statement', () => undefined, 'The tool returned nothing.', /the tool weather returned undefined/],
  ['null', () => null, 'The tool returned nothing.', /the tool weather returned null/],
  ['a number', () => 18, '18'],
  ['a truth', () => true, 'true'],
  ['bytes', () => Buffer.from('18 °C'), '18 °C'],
  ['an object', () => ({ temperature: 18 }), '{"temperature":18}'],
  ['a list', () => ['a', 'b'], '["a","b"]'],
  ['a number as output', () => ({ output: 18 }), '18'],
  ['no output', () => ({ output: null, observation: 'x' }), 'The tool returned nothing.', /returned \{"output":null/],
  ['an odd observation', () => ({ output: 'ok', observation: 5 }), 'ok'],
  ['an empty text', () => '', ''],
  ['a long text', () => 'x'.repeat(100_000), expect.stringMatching(/^x{2000}\n\[\.\.\. cut, 100000 characters/)],
];
const tooLarge: [name: string, value: () => unknown][] = [
  ['a result of 3 MB', () => 'x'.repeat(3_000_000)],
  ['a result of 6 MB', () => 'x'.repeat(6_000_000)],
  ...largeErrors(3_000_000).map(([name, error]): [string, () => never] => [
    `an error with a ${name} of 3 MB`,
    () => {
      throw error();
    },
  ]),
];

const asked = (name: string): ScriptedSolution => ({
  question: `Which weather has ${name}?`,
  steps: [{ tool: 'weather', step: `Ask for ${name}.`, output: 'unused' }],
  answer: 'rain',
});
const all = [...returned, ...tooLarge].map(([name]) => asked(name));
const config = {
  tools: [{ name: 'weather', description: 'tells the weather', activity: 'askWeather', taskQueue: 'weather-desk' }],
};

async function withDesk<T>(
  body: (solve: (name: string) => Promise<Solution>) => Promise<T>,
  bounded = true,
): Promise<T> {
  const askWeather = async ({ question }: CustomToolInput) =>
    [...returned, ...tooLarge].find(([name]) => question === asked(name).question)?.[1]();
  const desk = await Worker.create({
    connection: server.native,
    taskQueue: 'weather-desk',
    activities: { askWeather },
    ...(bounded ? { interceptors: { activity: [boundTools(config.tools)] } } : {}),
  });
  // The script's own steps are asked again where the tool's output is not theirs: one step is enough.
  const options = { parts: scriptSolutions(all).parts, config: { ...config, limits: { maxSteps: 1 } } };
  return desk.runUntil(withWorkers(server, options, (husky) => body((name) => husky.solve(asked(name).question))));
}

test('whatever a tool returns is shown as text, and the solution goes on (T01)', async () => {
  await withDesk(async (solve) => {
    const solutions = await Promise.all(returned.map(([name]) => solve(name)));
    for (const [at, [name, , output, failure]] of returned.entries()) {
      const [step] = solutions[at]?.steps ?? [];
      expect({ name, output: step?.output }).toEqual({ name, output });
      if (failure) expect(step?.failure).toMatchObject({ kind: 'tool-empty', message: expect.stringMatching(failure) });
      else expect(step?.failure).toBeUndefined();
    }
  });
});

test('only the tools of the configuration are bounded', async () => {
  const answer = async (value: () => unknown, activityType = 'askWeather') => {
    const { inbound } = boundTools(config.tools)({ info: { activityType } } as Context);
    const next = async () => value();
    return inbound?.execute?.({ args: [], headers: {} }, next) ?? next();
  };
  expect(await answer(() => ({ output: 'rain' }))).toEqual({ output: 'rain' });
  expect(await answer(() => undefined)).toBeUndefined();
  expect(await answer(() => 'x'.repeat(6_000_000), 'another')).toHaveLength(6_000_000);
  await expect(answer(() => 'x'.repeat(6_000_000))).rejects.toMatchObject({
    type: 'ToolResultTooLarge',
    nonRetryable: true,
    message: expect.stringMatching(/^The tool weather .* returned a result of 6000002 bytes; 2000000 are the limit/),
  });
  const failing = () => {
    throw new Error('x'.repeat(6_000_000));
  };
  for (const [, error] of unwritableErrors) {
    const fails = () => {
      throw error();
    };
    await expect(answer(fails)).rejects.toMatchObject({ details: undefined, message: 'the station is on fire' });
  }
  await expect(answer(failing)).rejects.toThrow(/^The tool weather .* failed with an error of \d+ bytes/);
});

const failureOf = async (solution: Promise<Solution>) => {
  let error = (await solution.catch((cause: unknown) => cause)) as Error;
  while (!(error instanceof ApplicationFailure) && error.cause instanceof Error) error = error.cause;
  return error;
};

test.each(tooLarge)('%s ends the solution with a failure that names tool and limit', async (name) => {
  await withDesk(async (solve) => {
    const failure = await failureOf(solve(name));
    expect(failure).toMatchObject({ type: 'ToolResultTooLarge' });
    expect(failure.message).toMatch(/weather .* of \d+ bytes; 2000000 are the limit/);
  });
});

test('a result that the server refuses does so, too, on a worker of tools that bounds nothing', async () => {
  await withDesk(async (solve) => {
    const failure = await failureOf(solve('a result of 3 MB'));
    expect(failure).toMatchObject({ type: 'ToolResultTooLarge' });
    expect(failure.message).toMatch(/The tool weather .* more than the 2 MB that Temporal takes/);
  }, false);
});
