import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { HuskyLabPlugin } from '../src/lab';
import { HuskyPlugin } from '../src/plugin';
import type { Sandbox } from '../src/sandbox/sandbox';
import { scriptSolutions, testConfig } from '../src/testing';

test('of two workers with one plugin the first that ends leaves the other its models and sandbox', async () => {
  let closed = 0;
  const { parts } = scriptSolutions([]);
  const sandbox = { ...(parts.sandbox as Sandbox), close: async () => void (closed += 1) };
  const plugin = new HuskyPlugin(testConfig(), { ...parts, sandbox });
  await plugin['context'].sandbox();
  const ends: (() => void)[] = [];
  const run = () => plugin.runWorker({} as Worker, () => new Promise<void>((end) => void ends.push(end)));
  const workers = [run(), run()];
  ends[0]?.();
  await workers[0];
  expect(closed).toBe(0);
  ends[1]?.();
  await workers[1];
  expect(closed).toBe(1);
});

jest.setTimeout(120_000);

const root = join(__dirname, '..');
const { version: installed } = JSON.parse(
  readFileSync(join(root, 'node_modules/@temporalio/workflow/package.json'), 'utf8'),
) as {
  version: string;
};
const quiet = new DefaultLogger('ERROR');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'husky-plugin-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const plugin = () => new HuskyPlugin(testConfig(), scriptSolutions([]).parts);

test('a name that the worker has already is refused, whoever has it (T08)', () => {
  const search = async () => 'mine';
  expect(() => plugin().configureWorker({ taskQueue: 'q', activities: { huskySearch: search } })).toThrow(
    /The worker has activity huskySearch already/,
  );
  const twice = () => plugin().configureWorker(plugin().configureWorker({ taskQueue: 'q' }));
  expect(twice).toThrow(/huskyRecordProfile already, .* one plugin of Husky's/);
  expect(() => plugin().configureWorker({ taskQueue: 'q', sinks: { husky: {} } })).toThrow(/sink husky already/);
  const { activities } = plugin().configureWorker({ taskQueue: 'q', activities: { search, judge: search } });
  expect(activities).toMatchObject({ search, judge: search });
  // A connection hands its plugins on to the worker, which may have been given the same one.
  const one = plugin();
  expect(() => one.configureWorker(one.configureWorker({ taskQueue: 'q' }))).not.toThrow();
});

test("workflow code without Husky's workflows is refused before the worker starts, bundled now or before (T07)", async () => {
  const lacking = require.resolve('./integration/call-any-activity');
  const reason = /lacks Husky's workflows; add to your workflows module: export \* from 'temporal-husky\/workflows'/;
  const options = { taskQueue: 'q', workflowsPath: lacking, plugins: [plugin()] };
  await expect(Worker.create(options)).rejects.toThrow(reason);
  const { code } = await bundleWorkflowCode({ workflowsPath: lacking, logger: quiet });
  expect(() => plugin().configureWorker({ taskQueue: 'q', workflowBundle: { code } })).toThrow(reason);

  const solving = require.resolve('../src/workflows');
  const bundle = await bundleWorkflowCode({ workflowsPath: solving, logger: quiet, plugins: [plugin()] });
  // It holds what traces workflow code, too.
  expect(bundle.code).toMatch(/trace-interceptors\.[jt]s \*{3}!/);
  expect(() => plugin().configureWorker({ taskQueue: 'q', workflowBundle: bundle })).not.toThrow();
  expect(() => new HuskyLabPlugin(testConfig()).configureWorker({ taskQueue: 'q', workflowBundle: bundle })).toThrow(
    /temporal-husky\/workflows\/lab/,
  );
  expect(() => plugin().configureWorker({ taskQueue: 'calls-only' })).not.toThrow();
});

test('a project with packages of Temporal of its own is refused, with both versions and folders (T06)', () => {
  const project = join(folder, 'older');
  const own = join(project, 'node_modules/@temporalio/workflow');
  mkdirSync(own, { recursive: true });
  const workflowsPath = join(project, 'workflows.js');
  writeFileSync(workflowsPath, '');
  for (const version of ['1.23.0', installed]) {
    writeFileSync(join(own, 'package.json'), JSON.stringify({ name: '@temporalio/workflow', version }));
    const configure = () => plugin().configureWorker({ taskQueue: 'q', workflowsPath });
    expect(configure).toThrow(/There are two copies of @temporalio\/workflow: /);
    expect(configure).toThrow(`${version} in ${own}`);
    expect(configure).toThrow(join(root, 'node_modules/@temporalio/workflow'));
  }
});

test("a connection of a test kit of another version is refused before Temporal's core fails on it", () => {
  const project = join(folder, 'newer-kit');
  const kit = join(project, 'node_modules/@temporalio/testing');
  const own = join(kit, 'node_modules/@temporalio/worker');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(kit, 'index.js'), '');
  writeFileSync(join(own, 'package.json'), JSON.stringify({ name: '@temporalio/worker', version: '1.99.0' }));
  const workflowsPath = join(project, 'workflows.js');
  writeFileSync(workflowsPath, '');
  const configure = (connection?: NativeConnection) =>
    plugin().configureWorker({ taskQueue: 'q', workflowsPath, connection });
  expect(() => configure({} as NativeConnection)).toThrow(
    /There are two copies of @temporalio\/worker: .* and 1\.99\.0 in .*testing\/node_modules/,
  );
  expect(() => configure(Object.create(NativeConnection.prototype) as NativeConnection)).not.toThrow();
  expect(() => configure()).not.toThrow();
});

test('a bundle with two copies of the SDK is refused (T06)', async () => {
  const project = join(folder, 'linked');
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '@temporalio'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules/@temporalio')))
    if (name === 'workflow')
      cpSync(join(root, 'node_modules/@temporalio', name), join(modules, '@temporalio', name), { recursive: true });
    else symlinkSync(join(root, 'node_modules/@temporalio', name), join(modules, '@temporalio', name));
  symlinkSync(join(root, 'node_modules/nexus-rpc'), join(modules, 'nexus-rpc'));
  writeFileSync(
    join(project, 'workflows.ts'),
    `import { sleep } from '@temporalio/workflow';
     export * from ${JSON.stringify(join(root, 'src/workflows'))};
     export const nap = () => sleep(1);`,
  );
  const { code } = await bundleWorkflowCode({ workflowsPath: join(project, 'workflows.ts'), logger: quiet });
  expect(() => plugin().configureWorker({ taskQueue: 'q', workflowBundle: { code } })).toThrow(
    /There are two copies of @temporalio\/workflow: .*linked\/node_modules\/@temporalio\/workflow/,
  );
});

test('a replay of your own with the plugin leaves no sink unregistered', () => {
  const { sinks, workflowsPath } = plugin().configureReplayWorker({ workflowsPath: 'w.js', sinks: { mine: {} } });
  expect(Object.keys(sinks ?? {})).toEqual(['mine', 'husky']);
  expect(workflowsPath).toBe('w.js');
});

test.each(['index', 'lab', 'local-server'])('too old a Node is refused in a sentence: %s', (door) => {
  const before = Object.getOwnPropertyDescriptor(process, 'versions') as PropertyDescriptor;
  Object.defineProperty(process, 'versions', { ...before, value: { ...process.versions, node: '20.1.0' } });
  try {
    jest.isolateModules(() => {
      expect(() => jest.requireActual(`../src/${door}`)).toThrow(/^temporal-husky needs Node 24 or later .*20\.1\.0/);
    });
  } finally {
    Object.defineProperty(process, 'versions', before);
  }
});
