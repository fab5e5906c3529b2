/** The examples, and the programs of README and docs/programs.md, run from the packed package against a real server and scripted models. */
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from '@swc/core';
import { loadConfig } from '../../src/config';
import { startServer, type TestServer } from '../integration/harness';
import { startScriptedServers, type ScriptedServers } from '../integration/scripted-servers';
import type { ScriptedSolution } from '../../src/testing';
import { installPackage } from './installed-package';

const run = promisify(execFile);
const root = join(__dirname, '../..');

const question = (text: string, answer: string): ScriptedSolution => ({
  question: text,
  steps: [
    {
      tool: 'code',
      step: `Compute the difference, which is ${answer}.`,
      code: `console.log(${answer})`,
      observation: answer,
      output: `The difference is ${answer}.`,
    },
  ],
  answer,
});

const asked = (tool: string, args: Record<string, unknown>, output: string) => ({
  tool,
  step: `Ask how many kettles are in ${String(args.town)}.`,
  arguments: args,
  output,
});
const computed = (code: string, observation: string) => ({
  tool: 'code',
  step: 'Compute it from 120 and 45.',
  code,
  observation,
  output: `It is ${observation}.`,
});
const kettles: ScriptedSolution[] = [
  {
    question: 'How many more kettles are in the warehouse of Oslo than in that of Bergen?',
    steps: [
      asked('stock', { town: 'Oslo', article: 'kettle' }, 'unused'),
      asked('stock', { town: 'Bergen', article: 'kettle' }, 'unused'),
      computed('console.log(120 - 45)', '75'),
    ],
    answer: '75',
  },
  {
    question: 'How many kettles do Oslo and Bergen have together?',
    steps: [
      asked('stock_count_kettles', { town: 'Oslo' }, 'unused'),
      asked('stock_count_kettles', { town: 'Bergen' }, 'unused'),
      computed('console.log(120 + 45)', '165'),
    ],
    answer: '165',
  },
];

/** TypeScript has to name the types of these, and can name only what a door exports. */
const DECLARED = `
import type { WorkflowHandle } from '@temporalio/client';
import { createNexusHandler, createSandbox, createSearchEngine, HuskyClient, Scorer, type Model } from 'temporal-husky';
import { approveStep, huskyService, runSolution, trajectory, type SolveInput } from 'temporal-husky/workflows';
import { createTeacherHost, readTrajectories, scoreFile } from 'temporal-husky/lab';
export const host = (...given: Parameters<typeof createTeacherHost>) => createTeacherHost(...given);
export const lines = [scoreFile({ predictions: [] }), readTrajectories(['t.jsonl'])];
export const handler = createNexusHandler();
export const decide = (one: WorkflowHandle) => one.executeUpdate(approveStep, { args: [{ by: 'me' }] });
export const asked = { approveStep, huskyService, trajectory };
export const inline = (input: SolveInput) => runSolution(input, { left: async (solution) => solution.carry() });
export const client = async (husky: HuskyClient) => [husky.stream('x'), husky.waiting(), await husky.startBatch(['x'])] as const;
export const parts = () => [createSandbox(), createSearchEngine(), new Scorer().score({ metric: 'number', prediction: '1', gold: '1' })];
export const call = (model: Model) => model.generate.bind(model);
export const steps = (husky: HuskyClient) => husky.solve('x').then(({ steps, votes }) => ({ votes, failures: steps.map((step) => step.failure) }));
`;

let folder: string;
let server: TestServer;
let servers: ScriptedServers;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = installPackage();
  server = await startServer();
  servers = await startScriptedServers([
    question('How many meters taller is Mount Everest than K2?', '238'),
    question('How many square miles larger is Texas than Washington?', '197298'),
    ...kettles,
  ]);
  writeFileSync(
    join(folder, 'husky.json'),
    JSON.stringify({ ...servers.config, models: { ...servers.config.models, arguments: servers.writer } }),
  );
  env = { ...process.env, TEMPORAL_ADDRESS: server.address, HUSKY_CONFIG: join(folder, 'husky.json') };
}, 900_000);

afterAll(async () => {
  await servers?.close();
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Starts a program and resolves when it has printed a text; `printed` tells what it printed so far. */
async function started(args: string[], cwd: string, text: string, program = process.execPath, environment = env) {
  const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const see = (chunk: Buffer) => {
      output += String(chunk);
      if (output.includes(text)) resolve();
    };
    child.stdout.on('data', see);
    child.stderr.on('data', see);
    child.once('exit', () => reject(new Error(`ended before it printed ${text}:\n${output}`)));
  });
  return Object.assign(child, { printed: () => output });
}

const example = (name: string) => {
  const place = join(folder, name);
  cpSync(join(root, 'examples', name), place, { recursive: true });
  return place;
};

test('your-own-worker answers through the plugin', async () => {
  const place = example('your-own-worker');
  const worker = await started(['worker.ts'], place, 'worker ready');
  const { stdout } = await run(process.execPath, ['ask.ts'], { cwd: place, env });
  worker.kill('SIGTERM');
  expect(stdout).toContain('answer: 238 (finished)');
}, 900_000);

test('from-another-workflow answers in child workflows and inline', async () => {
  const { stdout } = await run(process.execPath, ['main.ts'], { cwd: example('from-another-workflow'), env });
  expect(stdout).toContain("children: [ '238', '197298' ]");
  expect(stdout).toContain('inline: 238');
}, 900_000);

test('custom-tool calls its tool with arguments that a model writes', async () => {
  const { stdout } = await run(process.execPath, ['main.ts'], { cwd: example('custom-tool'), env });
  expect(stdout).toContain('{"town":"Oslo","article":"kettle"} -> Oslo has 120 pieces of the article kettle.');
  expect(stdout).toContain('answer: 75');
}, 900_000);

test('mcp-tools asks an MCP server, and is one', async () => {
  const { stdout } = await run(process.execPath, ['main.ts'], { cwd: example('mcp-tools'), env });
  expect(stdout).toContain('[stock_count_kettles] {"town":"Bergen"} -> Bergen has 45 kettles.');
  expect(stdout).toContain('answer: 165');
  expect(stdout).toContain('husky offers: solve, search, run_program');
  expect(stdout).toContain('program printed: 42');
}, 900_000);

test('nexus answers over an endpoint', async () => {
  await server.client.connection.operatorService.createNexusEndpoint({
    spec: { name: 'husky', target: { worker: { namespace: 'default', taskQueue: 'husky-nexus' } } },
  });
  const { stdout } = await run(process.execPath, ['main.ts'], { cwd: example('nexus'), env });
  expect(stdout).toContain('answer: 238');
}, 900_000);

test('payload-codec leaves no readable payload on the server, and large ones in a folder', async () => {
  const keyed = { cwd: example('payload-codec'), env: { ...env, PAYLOAD_KEY: randomBytes(32).toString('base64') } };
  const { stdout } = await run(process.execPath, ['main.ts'], keyed);
  expect(stdout).toContain('answer: 238');
  expect(stdout).toMatch(/payloads in history: \d{2,}, of which name the mountain: 0/);
  expect(stdout).toMatch(/payloads in the folder: [1-9]/);
  // The command has no codec: it lists such a solution beside the others, and says why it cannot show it.
  const query = "TaskQueue = 'encrypted'";
  const { executions } = await server.client.workflowService.listWorkflowExecutions({ namespace: 'default', query });
  const id = executions[0]?.execution?.workflowId ?? '';
  const husky = (...args: string[]) => run(join(folder, 'node_modules/.bin/husky'), args, { cwd: folder, env });
  expect((await husky('list')).stdout).toContain(id);
  for (const command of ['show', 'watch'])
    await expect(husky(command, id)).rejects.toThrow(/is encoded as binary\/\w+ by a codec/);
  // With the codec it shows it.
  writeFileSync(join(keyed.cwd, 'husky.yaml'), 'temporal: { codec: ./for-commands.ts }\n');
  const shown = await run(join(folder, 'node_modules/.bin/husky'), ['show', id, '--config', 'husky.yaml'], keyed);
  expect(shown.stdout).toContain('Answer  238');
}, 900_000);

test('approval shows the program that waits, and runs it when a person says yes', async () => {
  const running = run(process.execPath, ['main.ts'], { cwd: example('approval'), env });
  running.child.stdin?.end('yes\n');
  const { stdout } = await running;
  expect(stdout).toMatch(
    /waits \(programs\):\nconsole\.log\(238\)\nMay it run\?[^\n]*\n+approved by Ada\n\[code\] .*\nanswer: 238/,
  );
}, 900_000);

test('streaming goes on after a position: no event is lost or comes twice', async () => {
  const { stdout } = await run(process.execPath, ['main.ts'], { cwd: example('streaming'), env });
  expect(stdout.trim().split('\n')).toEqual([
    '0 action: [code] Compute the difference, which is 238.',
    'a reader in any process goes on after 0',
    '99 step: The difference is 238.',
    '199 end: 238 (finished)',
  ]);
}, 900_000);

test('from-a-schedule answers a question that a Temporal Schedule asks', async () => {
  const { stdout } = await run(process.execPath, ['main.ts'], { cwd: example('from-a-schedule'), env });
  const [, next = ''] = /^next: (.*)$/m.exec(stdout) ?? [];
  expect(new Date(next).getUTCDay()).toBe(1);
  expect(stdout).toMatch(/^heights-\d{4}-\S+: 238 \(finished\)$/m);
}, 900_000);

test('endpoint streams steps and answer to a client that has the key', async () => {
  const place = example('endpoint');
  const keyed = { ...env, HUSKY_SERVE_KEY: 'secret', PORT: '0' };
  const server = await started(['server.ts'], place, '/v1', process.execPath, keyed);
  const [url] = /http:\S+/.exec(server.printed()) ?? [];
  const { stdout } = await run(process.execPath, ['ask.ts'], { cwd: place, env: { ...keyed, HUSKY_URL: url } });
  expect(stdout).toMatch(/^\[code\] Compute the difference.*\nThe difference is 238\.\nanswer: 238\n$/);
  const wrong = { ...keyed, HUSKY_URL: url, HUSKY_SERVE_KEY: 'guessed' };
  await expect(run(process.execPath, ['ask.ts'], { cwd: place, env: wrong })).rejects.toThrow('401');
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
}, 900_000);

test('tracing prints start, solution, steps and calls as a tree', async () => {
  const { stdout } = await run(process.execPath, ['main.ts'], { cwd: example('tracing'), env });
  expect(
    stdout
      .replaceAll(/ {2}\d+ ms$/gm, '')
      .trim()
      .split('\n'),
  ).toEqual([
    'answer: 238',
    'start huskySolve',
    '  invoke_agent husky',
    '    step code',
    '      chat scripted-action',
    '      chat scripted-code',
    '      execute_tool code',
    '      chat scripted-commonsense',
    '    last action',
    '      chat scripted-action',
  ]);
}, 900_000);

test('every door opens, and the workflows of the lab bundle', async () => {
  const check = `
    const { bundleWorkflowCode } = require('@temporalio/worker');
    const names = ['temporal-husky', 'temporal-husky/lab', 'temporal-husky/testing'].flatMap((door) => Object.keys(require(door)));
    console.log(names.join(' '));
    const webpackConfigHook = (config) => ({ ...config, ignoreWarnings: [], stats: { preset: 'normal', warnings: true } });
    bundleWorkflowCode({ workflowsPath: require.resolve('temporal-husky/workflows/lab'), webpackConfigHook }).then(({ code }) =>
      console.log(code.includes('huskyEvaluate') ? 'bundled' : 'lacking'));`;
  const opened = await run(process.execPath, ['-e', check], { cwd: folder, env, maxBuffer: 1e8 });
  expect(opened.stdout).toMatch(/HuskyPlugin.*HuskyLabPlugin.*testConfig/);
  expect(opened.stdout).toContain('bundled');
  // Such as of source maps whose sources are not in the package.
  expect(opened.stderr).toMatch(/compiled successfully/);
  expect(opened.stderr).not.toMatch(/WARNING in .*temporal-husky/);
}, 900_000);

test('the doors of a client and of an endpoint load no SDK of workers', async () => {
  const check = `
    const { HuskyClient } = require('temporal-husky/client');
    const { createEndpoint } = require('temporal-husky/endpoint');
    const sdk = Object.keys(require.cache).filter((file) => /@temporalio.(worker|core-bridge)/.test(file));
    console.log(typeof HuskyClient, typeof createEndpoint, HuskyClient === require('temporal-husky').HuskyClient, sdk.length);
    console.log(Object.keys(require.cache).some((file) => /@temporalio.worker/.test(file)));`;
  const { stdout } = await run(process.execPath, ['-e', check], { cwd: folder, env });
  expect(stdout.split('\n')).toEqual(['function function true 0', 'true', '']);
}, 300_000);

describe('README and docs/programs.md', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const pages = `${readme}\n${readFileSync(join(root, 'docs/programs.md'), 'utf8')}`;
  const blocks = [...pages.matchAll(/```ts\n\/\/ (\S+?\.ts)([\s\S]*?)```/g)].map(([, name = '', code = '']) => ({
    name,
    code: `//${code}`,
  }));
  const place = (name: string) => join(folder, `readme-${name}`);
  /** Writes the named blocks; of two with one name, the one that holds `text`. */
  const write = (to: string, wanted: Record<string, string>) => {
    mkdirSync(place(to), { recursive: true });
    for (const [name, text] of Object.entries(wanted)) {
      const code = blocks.find((block) => block.name === name && block.code.includes(text))?.code;
      if (code === undefined) throw new Error(`README and docs/programs.md have no block ${name} with ${text}`);
      const script = transformSync(code, {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
      });
      writeFileSync(join(place(to), name.replace(/\.ts$/, '.js')), script.code);
    }
  };

  test('its worker and client answer a question', async () => {
    write('worker', {
      'worker.ts': 'HuskyPlugin',
      'workflows.ts': 'temporal-husky/workflows',
      'ask.ts': 'HuskyClient',
    });
    const worker = spawn(process.execPath, ['worker.js'], { cwd: place('worker'), env, stdio: 'ignore' });
    const { stdout } = await run(process.execPath, ['ask.js'], { cwd: place('worker'), env });
    worker.kill('SIGTERM');
    expect(stdout).toContain('238 finished 1');
  }, 900_000);

  test('its workflows bundle, and its test kit makes a plugin', async () => {
    write('workflow', { 'workflows.ts': 'asChild', 'test.ts': 'scriptSolutions' });
    const check = `
      const { bundleWorkflowCode } = require('@temporalio/worker');
      if (require('./test.js').plugin.name !== 'temporal-husky') throw new Error('no plugin');
      bundleWorkflowCode({ workflowsPath: require.resolve('./workflows.js') }).then(({ code }) => {
        for (const name of ['asChild', 'inline', 'huskySolve']) if (!code.includes(name)) throw new Error('no ' + name);
        console.log('bundled');
      });`;
    const { stdout } = await run(process.execPath, ['-e', check], { cwd: place('workflow'), env, maxBuffer: 1e8 });
    expect(stdout).toContain('bundled');
  }, 900_000);

  test('its programs use what there is, and what a library makes of ours can be declared: the type checker finds nothing wrong', async () => {
    const to = place('types');
    mkdirSync(to, { recursive: true });
    writeFileSync(join(to, 'declared.ts'), DECLARED);
    blocks.forEach(({ name, code }, at) => {
      const own = join(to, `${at}`);
      mkdirSync(own);
      writeFileSync(join(own, name), code);
    });
    const compilerOptions = {
      strict: true,
      noEmit: true,
      declaration: true,
      skipLibCheck: true,
      target: 'es2024',
      module: 'node20',
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    };
    writeFileSync(join(to, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '-p', to]).catch((error: { stdout?: string }) => {
      throw new Error(error.stdout);
    });
  }, 900_000);

  test('its parts work in a program: server, sandbox, search and scorer', async () => {
    write('parts', { 'parts.ts': 'startTemporalServer' });
    const { stdout } = await run(process.execPath, ['parts.js'], { cwd: place('parts'), env });
    expect(stdout).toMatch(/server 127\.0\.0\.1:\d+\nprogram 42\n/);
    expect(stdout).toMatch(/search .*Texas.*\n/);
    expect(stdout).toMatch(/right true /);
  }, 900_000);

  test('its commands run as they are written', async () => {
    const lines = (/```sh\n(husky [\s\S]*?)```/.exec(readme)?.[1] ?? '')
      .split('\n')
      .map((line) => line.split(' #')[0]?.trim());
    const [one, many, worker, serve, list, ...none] = lines;
    expect([one, many, worker, serve, list, none]).toEqual([
      expect.stringContaining('husky solve "'),
      expect.stringContaining('husky solve --json --file questions.jsonl'),
      expect.stringContaining('husky worker --roles'),
      'husky serve',
      'husky list',
      [''],
    ]);
    const cwd = place('commands');
    mkdirSync(cwd);
    const asked = { question: 'How many square miles larger is Texas than Washington?', answer: '197298' };
    writeFileSync(join(cwd, 'questions.jsonl'), `${JSON.stringify(asked)}\n`);
    const bin = { ...env, PATH: `${join(folder, 'node_modules/.bin')}${delimiter}${process.env.PATH}` };
    const sh = (command = '') => run('sh', ['-c', command], { cwd, env: bin });
    expect((await sh(one)).stdout).toContain('Answer  238');
    expect(JSON.parse((await sh(many)).stdout)).toMatchObject({ answer: '197298', stopReason: 'finished' });
    expect((await sh(list)).stdout).toContain('How many meters taller is Mount Everest than K2?');
    for (const command of [worker, `${serve} --port 0`]) {
      const serving = await started(['-c', `exec ${command}`], cwd, 'Ready', 'sh', bin);
      serving.kill('SIGTERM');
      const [code] = (await once(serving, 'exit')) as [number | null];
      expect(code).toBe(0);
    }
  }, 900_000);

  test('its configuration is valid', () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    writeFileSync(join(folder, 'readme.yaml'), yaml);
    expect(() =>
      loadConfig({
        path: join(folder, 'readme.yaml'),
      }),
    ).not.toThrow();
  });
});
