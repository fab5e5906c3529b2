import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HuskyConfigInput } from '../../src/config';
import type { Model } from '../../src/models/model';
import { scriptSolutions, type ScriptedSolution, type ScriptedStep } from '../../src/testing';
import type { SolutionEvent } from '../../src/trajectory/solution-events';
import { temporaryFolder } from '../temporary-folder';
import { startServer, withWorkers, type TestServer } from './harness';

jest.setTimeout(600_000);

const folder = temporaryFolder('mcp-tools');
const stub = join(__dirname, '../tools/mcp-stub.mjs');
const rawServer = join(__dirname, '../tools/mcp-raw-server.mjs');
const count = join(folder, 'count');
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const solutionOf = (...steps: ScriptedStep[]): ScriptedSolution => ({
  question: 'What do the servers say of the question of today?',
  steps,
  answer: 'this',
});
const step = (tool: string, text: string, args: Record<string, unknown>): ScriptedStep => ({
  tool,
  step: text,
  arguments: args,
  output: 'unused',
});

/** Solves with the given servers; the steps of the script are taken, and then one more that ends it. */
async function solved(mcp: HuskyConfigInput['mcp'], steps: ScriptedStep[], config: Partial<HuskyConfigInput> = {}) {
  const script = scriptSolutions([solutionOf(...steps)]);
  const options = { config: { mcp, retry: { initialMs: 10 }, ...config }, parts: script.parts };
  return withWorkers(server, options, async (husky) => {
    const handle = await husky.start(solutionOf().question);
    const solution = await handle.result();
    const history = await handle.workflow.fetchHistory();
    return { solution, history: JSON.stringify(history), prompts: script.calls.map(({ input }) => input) };
  });
}
const stubbed = (more: object = {}) => ({ stub: { command: process.execPath, args: [stub, count], ...more } });

const ways: [name: string, config: Partial<HuskyConfigInput>][] = [
  ['an activity a call', {}],
  ['several steps an activity', { stepsPerActivity: 8 }],
  ['a queue for each expert', { queues: { mode: 'separate' } }],
];
test.each(ways)(
  'a tool of an MCP server is offered, chosen, called with arguments, and its text is the output: %s',
  async (_, config) => {
    const { solution, prompts } = await solved(stubbed(), [step('stub_add', 'Add 2 and 3.', { a: 2, b: 3 })], config);
    expect(prompts[0]).toContain('[stub_add] adds two numbers');
    expect(solution).toMatchObject({
      answer: 'this',
      stopReason: 'finished',
      steps: [{ tool: 'stub_add', arguments: { a: 2, b: 3 }, output: '5', attempts: 1 }],
    });
    expect(solution.notices).toBeUndefined();
  },
);

test('a dead server is told in the solution, and the rest goes on', async () => {
  const mcp = { ...stubbed(), dead: { command: join(folder, 'no-such-program') } };
  const { solution } = await solved(mcp, [step('stub_add', 'Add 2 and 3.', { a: 2, b: 3 })]);
  expect(solution.steps[0]?.output).toBe('5');
  expect(solution.notices).toEqual([
    expect.stringMatching(/^The MCP server dead does not answer: .*Its tools are not offered/),
  ]);
});

test('a server that dies in a call of a tool that may do harm is not called again, and the model is told that the outcome is not known', async () => {
  writeFileSync(count, '');
  const steps = [step('stub_die_once', 'Ask once.', {}), step('stub_add', 'Add 2 and 3.', { a: 2, b: 3 })];
  const { solution } = await solved(stubbed(), steps);
  expect(solution.steps).toMatchObject([
    {
      output: expect.stringMatching(/^The tool failed: .*It is not known what the call of die-once has done/),
      failure: { kind: 'tool-failed' },
    },
    { output: '5' },
  ]);
  expect(readFileSync(count, 'utf8')).toBe('x');
});

test('where the configuration allows several attempts, a server that dies in a call is started again, and the step is there once', async () => {
  writeFileSync(count, '');
  const steps = [step('stub_die_once', 'Ask once.', {}), step('stub_add', 'Add 2 and 3.', { a: 2, b: 3 })];
  const { solution } = await solved(stubbed({ maxAttempts: 3 }), steps);
  expect(solution.steps.map(({ output }) => output)).toEqual(['alive again', '5']);
  expect(readFileSync(count, 'utf8')).toBe('xx');
});

test('a server that is killed from outside, in a call and between two, costs that call alone; a client that streams has every step once', async () => {
  writeFileSync(count, '');
  const steps = [
    step('stub_add', 'Add 2 and 3.', { a: 2, b: 3 }),
    step('stub_hold', 'Wait for the door.', {}),
    step('stub_add', 'Add 4 and 5.', { a: 4, b: 5 }),
  ];
  const pids = () => readFileSync(count, 'utf8').split('\n').filter(Boolean).map(Number);
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((next) => setTimeout(next, 20));
  };
  let beforeLast = () => {};
  const script = scriptSolutions([solutionOf(...steps)], {
    // Between two calls: the server is killed while the action generator chooses the last step.
    delayMs: (call) => {
      if (call.part === 'action' && call.input.includes('let go')) beforeLast();
      return 0;
    },
  });
  await withWorkers(
    server,
    { config: { mcp: stubbed(), retry: { initialMs: 10 } }, parts: script.parts },
    async (husky) => {
      const handle = await husky.start(solutionOf().question);
      const events: SolutionEvent[] = [];
      const streamed = (async () => {
        for await (const event of handle.stream({ intervalMs: 20 })) events.push(event);
      })();
      await until(() => pids().length === 1);
      await until(() => events.some(({ type }) => type === 'step'));
      process.kill(pids()[0] as number, 'SIGKILL');
      await until(() => pids().length === 2);
      beforeLast = () => {
        beforeLast = () => {};
        process.kill(pids()[1] as number, 'SIGKILL');
      };
      writeFileSync(`${count}.go`, '');
      await streamed;
      const outputs = events.flatMap((event) => (event.type === 'step' ? [event.step.output] : []));
      expect(outputs).toEqual(['5', 'let go', '9']);
      expect(events.at(-1)).toMatchObject({ type: 'end', solution: { answer: 'this' } });
      // Each action and each list of arguments was written once.
      const written = script.calls.map(({ part, input }) => `${part} ${input}`);
      expect(new Set(written).size).toBe(written.length);
    },
  );
});

test('a server that stays dead ends the step, not the solution', async () => {
  const steps = [step('stub_die', 'Ask once.', {}), step('stub_add', 'Add 2 and 3.', { a: 2, b: 3 })];
  const { solution } = await solved(stubbed({ maxAttempts: 2 }), steps);
  expect(solution.steps).toMatchObject([
    {
      output: expect.stringMatching(/^The tool failed: The MCP server stub does not answer/),
      failure: { kind: 'tool-failed' },
    },
    { output: '5' },
  ]);
});

test('what a tool says when it fails is shown to the model; the same arguments are not tried again', async () => {
  const { solution, prompts } = await solved(stubbed(), [step('stub_read', 'Read wrong.txt.', { name: 'wrong.txt' })]);
  expect(solution.steps[0]).toMatchObject({
    attempts: 2,
    output: expect.stringMatching(/^The tool failed: no file wrong\.txt; there is right\.txt/),
    failure: { kind: 'tool-failed' },
  });
  expect(prompts.filter((prompt) => prompt.includes('They cannot be used: no file wrong.txt'))).toHaveLength(1);
});

test('a model that corrects its arguments by what the tool said has the step carried out', async () => {
  const script = scriptSolutions([solutionOf(step('stub_read', 'Read the file.', { name: 'wrong.txt' }))]);
  const scripted = script.parts.model as (expert: string) => Model;
  const model = (expert: string): Model => ({
    ...scripted(expert),
    generate: async (request, options) => {
      const written = await scripted(expert).generate(request, options);
      return request.prompt.includes('there is right.txt') ? { ...written, text: '{"name":"right.txt"}' } : written;
    },
  });
  await withWorkers(server, { config: { mcp: stubbed() }, parts: { ...script.parts, model } }, async (husky) => {
    const { steps } = await husky.solve(solutionOf().question);
    expect(steps[0]).toMatchObject({ arguments: { name: 'right.txt' }, output: 'found', attempts: 2 });
    expect(steps[0]?.failure).toBeUndefined();
  });
});

test('a tool that its server does not know any more costs no repairs', async () => {
  const raw = { command: process.execPath, args: [rawServer, count], tools: ['a.b', 'reads'] };
  const asked = () => readFileSync(count, 'utf8').split('\n').filter(Boolean);
  writeFileSync(count, '');
  const { solution } = await solved({ raw: { ...raw, args: [rawServer, count, 'reads'] } }, [
    step('raw_reads', 'Ask it.', {}),
  ]);
  expect(solution.steps[0]).toMatchObject({
    attempts: 1,
    output: expect.stringMatching(/^The tool failed: The MCP server raw refused: Unknown tool: reads/),
    failure: { kind: 'tool-failed' },
  });
  expect(asked()).toEqual(['reads']);
});

test('a result of 3 MB is cut before it reaches the workflow', async () => {
  const { solution, history } = await solved(stubbed(), [step('stub_big', 'Ask for much.', {})]);
  expect(solution.steps[0]?.output).toMatch(/cut, 3000000 characters/);
  expect(history.length).toBeLessThan(1_000_000);
});

test('what was listed is recorded: a server that offers something else by now changes nothing of a running solution', async () => {
  const script = scriptSolutions([
    solutionOf(
      step('stub_grow', 'Let it grow.', {}),
      step('stub_grown', 'Ask the new one.', {}),
      step('stub_add', 'Add.', { a: 1, b: 1 }),
    ),
  ]);
  await withWorkers(server, { config: { mcp: stubbed() }, parts: script.parts }, async (husky) => {
    const first = await husky.solve(solutionOf().question);
    expect(first.steps[1]?.failure).toMatchObject({ kind: 'unknown-tool' });
    expect(first.steps[2]?.output).toBe('2');
    const second = await husky.solve(solutionOf().question);
    expect(second.steps[1]).toMatchObject({ tool: 'stub_grown', output: 'new' });
  });
});

test('a key reaches the server and no payload', async () => {
  process.env.HUSKY_TEST_KEY = 'sk-never-in-a-payload';
  const { solution, history } = await solved(stubbed({ env: ['HUSKY_TEST_KEY'] }), [
    step('stub_add', 'Add.', { a: 1, b: 1 }),
  ]);
  delete process.env.HUSKY_TEST_KEY;
  expect(solution.steps[0]?.output).toBe('2');
  expect(Buffer.from(history).toString()).not.toContain('sk-never-in-a-payload');
  expect(history).not.toContain(Buffer.from('sk-never-in-a-payload').toString('base64').slice(4, -4));
});

/** Servers of the npm registry, where they are installed. */
const real = (name: string) => {
  const manifest = join(__dirname, `../../node_modules/@modelcontextprotocol/server-${name}/package.json`);
  if (!existsSync(manifest)) return undefined;
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> };
  return join(manifest, '..', Object.values(bin)[0] ?? '');
};
const [everything, filesystem, memory] = ['everything', 'filesystem', 'memory'].map(real);
const withReal = everything && filesystem && memory ? test : test.skip;

withReal('three real servers of the registry are asked in one solution', async () => {
  writeFileSync(join(folder, 'note.txt'), 'The kettle boils at noon.');
  const node = (script = '', ...args: string[]) => ({ command: process.execPath, args: [script, ...args] });
  const mcp = {
    any: { ...node(everything), tools: ['echo'] },
    files: { ...node(filesystem, folder), tools: ['read_text_file', 'list_directory'] },
    memory: { ...node(memory), env: ['MEMORY_FILE_PATH'] },
  };
  process.env.MEMORY_FILE_PATH = join(folder, 'memory.jsonl');
  const entity = { name: 'kettle', entityType: 'thing', observations: ['boils at noon'] };
  const { solution } = await solved(mcp, [
    step('files_read_text_file', 'Read note.txt.', { path: join(folder, 'note.txt') }),
    step('any_echo', 'Say it again.', { message: 'noon' }),
    step('memory_create_entities', 'Keep it.', { entities: [entity] }),
    step('memory_search_nodes', 'Look it up.', { query: 'kettle' }),
  ]);
  delete process.env.MEMORY_FILE_PATH;
  expect(solution.notices).toBeUndefined();
  expect(solution.steps.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined, undefined]);
  expect(solution.steps[0]?.output).toContain('The kettle boils at noon.');
  expect(solution.steps[1]?.output).toContain('noon');
  expect(solution.steps[3]?.output).toContain('boils at noon');
});

withReal('a real server over streamable HTTP is asked like one over stdio', async () => {
  const port = String(20_000 + Math.floor(Math.random() * 20_000));
  const child = spawn(process.execPath, [everything ?? '', 'streamableHttp'], {
    env: { ...process.env, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    await new Promise<void>((ready, failed) => {
      const see = (chunk: Buffer) => void (/listening/i.test(String(chunk)) && ready());
      child.stdout.on('data', see);
      child.stderr.on('data', see);
      child.once('exit', () => failed(new Error('the server ended')));
    });
    const { solution } = await solved({ web: { url: `http://127.0.0.1:${port}/mcp`, tools: ['echo'] } }, [
      step('web_echo', 'Say it again.', { message: 'over the wire' }),
    ]);
    expect(solution.steps[0]?.output).toContain('over the wire');
  } finally {
    child.kill();
  }
});
