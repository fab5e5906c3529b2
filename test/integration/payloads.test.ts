/** What is too large is refused with a clear sentence, or cut where it arises, and the cut says how long it was. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApplicationFailure } from '@temporalio/common';
import { HuskyClient } from '../../src/client';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from './harness';
import { counting, spiders } from './solutions';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test('a question of 5 MB is refused before it is sent, with its length, the limit and what to do', async () => {
  const script = scriptSolutions([spiders]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const refused = await husky.solve('x'.repeat(5_000_000)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApplicationFailure);
    expect(refused).toMatchObject({ type: 'InputInvalid', nonRetryable: true });
    expect((refused as Error).message).toMatch(/5000000 characters.*400000.*search index/s);
  });
  expect(script.calls).toEqual([]);
});

test('characters that take six bytes each as JSON are counted as such', async () => {
  const husky = new HuskyClient({ client: server.client });
  const refused = await husky.solve('\u0001'.repeat(399_999)).catch((error: unknown) => error);
  expect(refused).toMatchObject({ type: 'InputInvalid' });
  expect((refused as Error).message).toMatch(/2399996 bytes as JSON; 1210000 are the limit/);
});

test('a program that prints 20 MB leaves its two ends and its length', async () => {
  const solution: ScriptedSolution = {
    question: 'What does the long program print?',
    steps: [
      {
        tool: 'code',
        step: 'Print many lines.',
        code: "for (let i = 0; i < 20; i++) console.log(String(i % 10).repeat(1e6)); console.log('the end');",
        output: 'Many digits.',
      },
    ],
    answer: 'digits',
  };
  const { sandbox: _, ...parts } = scriptSolutions([solution]).parts;
  await withWorkers(server, { parts }, async (husky) => {
    const handle = await husky.start(solution.question);
    const { answer, steps } = await handle.result();
    expect(answer).toBe('digits');
    const [step] = steps;
    expect(step?.observation?.length).toBeLessThan(5000);
    expect(step?.observation).toMatch(/^0{100}/);
    expect(step?.observation).toMatch(/\d{5,} characters/);
    const info = (await handle.workflow.describe()).raw.workflowExecutionInfo;
    expect(Number(info?.historySizeBytes)).toBeLessThan(60_000);
  });
});

describe('a search service that answers 3 MB', () => {
  let service: Server;
  let address = '';
  beforeAll(async () => {
    const content = 'The jar holds twelve insects. '.repeat(100_000);
    service = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ results: [{ title: 'Jar', url: 'http://localhost/1', content }] }));
    });
    await new Promise<void>((listening) => service.listen(0, '127.0.0.1', () => listening()));
    address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((closed) => service.close(closed)));

  test('is shown to the model as far as the limit, with a marker', async () => {
    const script = scriptSolutions([spiders]);
    const { search: _, ...parts } = script.parts;
    const search = { engine: 'searxng' as const, baseUrl: address, maxChars: 2000 };
    await withWorkers(server, { parts, config: { search } }, async (husky) => {
      const { answer, steps } = await husky.solve(spiders.question);
      expect(answer).toBe('96');
      expect(steps[0]?.observation?.length).toBeGreaterThan(1000);
      expect(steps[0]?.observation?.length).toBeLessThanOrEqual(2100);
      expect(steps[0]?.observation).toMatch(/\[\.\.\. cut, 3\d{6} characters in all/);
    });
  });
});

test('10,000 characters without a space, as a question, a step and an output, are carried whole or cut with a marker', async () => {
  const long = 'abcdefghij'.repeat(1000);
  const solution: ScriptedSolution = {
    question: `What is ${long}?`,
    steps: [{ tool: 'math', step: `Look at ${long} closely.`, output: `It is ${long}.` }],
    answer: 'long',
  };
  const script = scriptSolutions([solution]);
  const models = {
    default: {
      provider: 'openai' as const,
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'scripted',
      contextTokens: 32_000,
    },
  };
  await withWorkers(server, { parts: script.parts, config: { models } }, async (husky) => {
    const handle = await husky.start(solution.question);
    const { answer, steps, question } = await handle.result();
    expect({ answer, question }).toEqual({ answer: 'long', question: solution.question });
    expect(steps).toHaveLength(1);
    expect(steps[0]?.step).toContain('abcdefghij'.repeat(10));
    const description = await handle.workflow.describe();
    expect((await description.staticSummary())?.length).toBeLessThanOrEqual(200);
  });
});

describe('a model that does not stop', () => {
  const long = (text: string, length: number) => `${text} ${'so it goes '.repeat(length / 11)}`.trim();
  const endless = (tool: string, steps: number, length: number): ScriptedSolution => {
    const solution = counting(steps);
    return {
      ...solution,
      steps: solution.steps.map((step) => ({
        ...step,
        tool,
        code: `${step.code} ${long('', length)}`,
        output: long(step.output, length),
      })),
    };
  };
  const config = (stepsPerActivity: number) => ({
    models: {
      default: {
        provider: 'openai' as const,
        baseUrl: 'http://127.0.0.1:9/v1',
        model: 'scripted',
        contextTokens: 10_000_000,
      },
    },
    limits: { maxSteps: 60 },
    stepsPerActivity,
  });

  test('3 MB of a step are cut with a marker, and the solution goes on', async () => {
    const solution = endless('math', 2, 3_000_000);
    const script = scriptSolutions([solution]);
    const { steps, stopReason } = await withWorkers(server, { parts: script.parts, config: config(0) }, (husky) =>
      husky.solve(solution.question),
    );
    expect(stopReason).toBe('finished');
    expect(steps[0]?.output).toMatch(
      /^Ada said 1\. so it goes .*\n\[\.\.\. cut, 30000\d\d characters in all \.\.\.\]\n/,
    );
  });

  test('a journal ends its activity before it grows beyond a payload', async () => {
    const solution = endless('code', 40, 30_000);
    const script = scriptSolutions([solution]);
    const { steps, stopReason, workflowId } = await withWorkers(
      server,
      { parts: script.parts, config: config(50) },
      (husky) => husky.solve(solution.question),
    );
    expect({ stopReason, steps: steps.length }).toEqual({ stopReason: 'finished', steps: 40 });
    expect(script.calls.filter(({ part }) => part === 'code')).toHaveLength(40);
    const { events } = await server.client.workflow.getHandle(workflowId).fetchHistory();
    const activities = events?.filter(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled);
    expect(activities?.length).toBeGreaterThan(3);
    expect(activities?.length).toBeLessThan(12);
  });
});
