/** A native module that this platform lacks is named with the platform and the remedy, and what does not need it works. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { household, type Household, type Run } from './command';

jest.setTimeout(120_000);

let home: Household;
beforeAll(() => (home = household()));
afterAll(() => home.close());

/** A module that makes loading `name` end as its own loader makes it end on another machine. */
function hookFor(name: string, failure: string): string {
  const hook = join(home.folder, 'without.cjs');
  writeFileSync(
    hook,
    `const Module = require('node:module');
     const load = Module._load;
     Module._load = (request, ...rest) => {
       if (request !== ${JSON.stringify(name)}) return load(request, ...rest);
       ${failure}
     };`,
  );
  return hook;
}

function without(name: string, failure: string, args: readonly string[], more = {}): Promise<Run> {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:9', ...more };
  return home.run(args, { input: 'console.log(1)', node: ['-r', hookFor(name, failure)], env });
}

const DIST = join(__dirname, '../../dist');

const NO_ISOLATED_VM = `return { resolve() {
  throw new Error('No native build was found for platform=linux arch=x64 runtime=node abi=137 libc=musl\\n    loaded from: /app/node_modules/isolated-vm\\n');
} };`;
const SAID = /native module isolated-vm cannot be loaded on \w+ \w+.*Node 24.*npm rebuild isolated-vm/;

test.each([
  ['husky exec', ['exec', '--language', 'javascript']],
  ['a worker that would run programs, before it takes work', ['worker', '--roles', 'tool']],
])('%s without isolated-vm (K03)', async (_, args) => {
  const run = await without('node-gyp-build', NO_ISOLATED_VM, args);
  expect(run).toMatchObject({ code: 3, out: '', err: expect.stringMatching(SAID) as string });
  expect(run.err).not.toMatch(/\n\s+at /);
});

test('doctor names it among the problems (K03)', async () => {
  const { out } = await without('node-gyp-build', NO_ISOLATED_VM, ['doctor']);
  expect(out).toMatch(new RegExp(`problem +sandbox +The ${SAID.source}`));
});

test('what runs no program works without it (K03)', async () => {
  expect(await without('node-gyp-build', NO_ISOLATED_VM, ['search', 'area of Texas'])).toMatchObject({ code: 0 });
});

test('a package of the SDK that the package manager did not install is named, with the command that does', async () => {
  const failure = `throw Object.assign(new Error("Cannot find module '@temporalio/envconfig'"), { code: 'MODULE_NOT_FOUND' });`;
  const { code, err } = await without('@temporalio/envconfig', failure, ['worker', '--roles', 'workflow']);
  expect(code).toBe(3);
  expect(err).toMatch(
    /^husky: The package @temporalio\/envconfig, .* npm install @temporalio\/envconfig@1\.\d+\.\d+\. .*legacy-peer-deps\.$/m,
  );
});

const NO_CORE = `throw Object.assign(new Error('No prebuilt module found at /app/node_modules/@temporalio/core-bridge/releases/x'), { name: 'PrebuildError' });`;
const SAID_OF_CORE = /native module @temporalio\/core-bridge cannot be loaded on \w+ \w+.*Node 24.*node:24-slim/;

test('a worker without the native core of Temporal', async () => {
  expect(await without('@temporalio/core-bridge', NO_CORE, ['worker', '--roles', 'tool'])).toMatchObject({
    code: 3,
    err: expect.stringMatching(SAID_OF_CORE) as string,
  });
});

test.each([
  ['solve', ['solve', 'How many legs?']],
  ['dev', ['dev']],
])('husky %s tells it before it asks for the Temporal CLI', async (_, args) => {
  const env = { TEMPORAL_ADDRESS: '', TEMPORAL_CLI_PATH: '/absent/temporal' };
  const { code, err } = await without('@temporalio/core-bridge', NO_CORE, args, env);
  expect({ code, err }).toEqual({ code: 3, err: expect.stringMatching(SAID_OF_CORE) as string });
  expect(err).not.toContain('TEMPORAL_CLI_PATH');
});

test.each(['index', 'lab'])('the door %s of the library tells it in a sentence, and clients need it not', (door) => {
  const failed = `throw Object.assign(new Error('Error relocating /app/node_modules/@temporalio/core-bridge/releases/x/index.node: symbol not found'), { code: 'ERR_DLOPEN_FAILED' });`;
  const load = (name: string) => {
    const program = `try { require(${JSON.stringify(join(DIST, name))}) } catch (error) { process.stdout.write(error.message) }`;
    return execFileSync(process.execPath, ['-r', hookFor('@temporalio/core-bridge', failed), '-e', program], {
      encoding: 'utf8',
    });
  };
  expect(load(door)).toMatch(
    /^The native module @temporalio\/core-bridge cannot be loaded on \w+ \w+.*symbol not found.*temporal-husky\/client, which needs no worker\.$/,
  );
  expect(load('client')).toBe('');
});

test('doctor names it once, also where no server is named, and still looks at what clients use', async () => {
  const { out } = await without('@temporalio/core-bridge', NO_CORE, ['doctor']);
  expect(out).toMatch(new RegExp(`problem +workers +The ${SAID_OF_CORE.source}`));
  expect(out.match(/core-bridge cannot/g)).toHaveLength(1);
  expect(out).toMatch(/^problem +Temporal .*127\.0\.0\.1:9/m);
});
