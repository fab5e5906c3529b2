/** The local Temporal server against the real binary, on free ports. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { openLocalServer, otherServer } from '../../src/temporal-server/local-server';
import { ensureTemporalCli } from '../../src/temporal-server/find-cli';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import { alive, eventually } from '../cli/command';

jest.setTimeout(600_000);

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'husky-server-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

const silent = () => undefined;
const answers = async (address: string) => {
  const connection = await Connection.connect({ address, connectTimeout: 60_000 });
  await connection.close();
};

/** Whether nothing listens there any more. */
const refuses = (address: string) =>
  new Promise<boolean>((resolve) => {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host, () => resolve(false));
    socket.once('error', () => resolve(true)).once('connect', () => socket.destroy());
  });

test('a server is there when it is said to be, and gone when it is stopped', async () => {
  const server = await startTemporalServer({ ephemeral: true });
  await answers(server.address);
  expect((await fetch(server.uiUrl ?? '')).status).toBe(200);
  await server.stop();
  expect(alive(server.pid)).toBe(false);
  expect(alive(server.guardianPid)).toBe(false);
});

test("a server of the user's own at the usual port is told", async () => {
  const server = await startTemporalServer({ ephemeral: true, ui: false, onProgress: silent });
  const port = Number(server.address.split(':')[1]);
  expect(await otherServer('127.0.0.1:1', port)).toContain(`TEMPORAL_ADDRESS=${server.address} would use`);
  expect(await otherServer(server.address, port)).toBeUndefined();
  await server.stop();
  expect(await otherServer('127.0.0.1:1', port)).toBeUndefined();
});

test('what a server does not understand is told with its own words', async () => {
  const broken = startTemporalServer({ ui: false, dynamicConfig: { 'no key': '{' } });
  await expect(broken).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(
      /The local Temporal server ended .*It said: .*dynamic config.*TEMPORAL_ADDRESS/i,
    ) as string,
  });
});

const STACK = 'main.main()\n\t/cmd/temporal/main.go:18 +0x96\n'.repeat(400);
/** What Temporal 1.29 says, and where, when another process has taken a port after it was found free. */
const UNLUCKY = {
  'one of its own ports': {
    stderr: `msg="Failed to start gRPC listener" error="listen tcp 127.0.0.1:40001: bind: address already in use"
panic: nil pointer dereference\n\ngoroutine 1 [running]:\n${STACK}`,
    stdout: '',
  },
  'the port of its web UI': {
    stderr: '',
    stdout:
      '{"level":"FATAL","prefix":"echo","file":"server.go","message":"listen tcp 127.0.0.1:8233: bind: address already in use"}',
  },
};

test.each(Object.entries(UNLUCKY))(
  'a server that loses %s to another process is started again',
  async (_, { stderr, stdout }) => {
    const own = mkdtempSync(join(folder, 'unlucky-'));
    const binary = join(own, 'temporal');
    writeFileSync(join(own, 'stderr'), stderr);
    writeFileSync(join(own, 'stdout'), stdout);
    const script = `#!/bin/sh
if [ -e ${own}/again ]; then exec ${await ensureTemporalCli()} "$@"; fi
touch ${own}/again
cat ${own}/stderr >&2
cat ${own}/stdout
exit 1
`;
    writeFileSync(binary, script, { mode: 0o755 });
    const server = await startTemporalServer({ ephemeral: true, ui: false, binary });
    await answers(server.address);
    await server.stop();
  },
);

const ODD = ['a b', 'c#d', 'e?f', 'g%20h', 'ü & ñ'];

test.each(ODD)('the database lies in its folder, also where that is called %j (T13)', async (name) => {
  const own = join(folder, 'odd', name);
  mkdirSync(own, { recursive: true });
  for (const _ of ['made', 'opened again']) {
    const server = await startTemporalServer({ databaseFile: join(own, 'temporal.db'), ui: false });
    await answers(server.address);
    await server.stop();
  }
  expect(readdirSync(own)).toContain('temporal.db');
  expect(readdirSync(join(folder, 'odd')).filter((found) => !ODD.includes(found))).toEqual([]);
});

test('a database file with such a name is refused (T13)', async () => {
  const odd = startTemporalServer({ databaseFile: join(folder, 'a#b.db'), ui: false });
  await expect(odd).rejects.toThrow(/a#b\.db must not have #, \? or % in its name/);
});

test('killing the owner leaves no orphan', async () => {
  const owner = spawn(
    process.execPath,
    [
      '-r',
      join(__dirname, '../models/typescript-hook.cjs'),
      '-e',
      `require(${JSON.stringify(join(__dirname, '../../src/temporal-server/start-server.ts'))})
        .startTemporalServer({ ephemeral: true, ui: false })
        .then(({ pid, guardianPid }) => console.log(JSON.stringify({ pid, guardianPid })));
       setInterval(() => undefined, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { pid, guardianPid } = await new Promise<{ pid: number; guardianPid: number }>((resolve) =>
    owner.stdout.on('data', (line: Buffer) =>
      resolve(JSON.parse(line.toString()) as { pid: number; guardianPid: number }),
    ),
  );
  expect(alive(pid)).toBe(true);
  owner.kill('SIGKILL');
  await eventually(() => !alive(pid) && !alive(guardianPid));
});

test('commands at the same time share one server, which ends with the last of them and keeps its database', async () => {
  const env = { ...process.env, XDG_DATA_HOME: folder };
  const [first, second] = await Promise.all([
    openLocalServer({ env, onProgress: silent }),
    openLocalServer({ env, onProgress: silent }),
  ]);
  expect(second.address).toBe(first.address);
  expect([first.started, second.started].sort()).toEqual([false, true]);
  const [starter, joiner] = first.started ? [first, second] : [second, first];
  await starter.stop();
  await answers(joiner.address);
  await joiner.stop();
  await eventually(() => refuses(joiner.address));
  const again = await openLocalServer({ env, onProgress: silent });
  expect(again.started).toBe(true);
  await again.stop();
});

test('the state of a server that is no more is cleared away', async () => {
  const env = { ...process.env, XDG_DATA_HOME: folder };
  const gone = { address: '127.0.0.1:9', serverPid: 2 ** 22 - 1, guardianPid: 2 ** 22 - 2, holdPort: 9 };
  writeFileSync(join(folder, 'temporal-husky', 'server.json'), JSON.stringify(gone));
  const server = await openLocalServer({ env, onProgress: silent });
  expect(server.started).toBe(true);
  await answers(server.address);
  await server.stop();
});

describe('the database of the local server moves to another machine', () => {
  const dataOf = (home: string) => {
    const data = join(home, 'temporal-husky');
    mkdirSync(data, { recursive: true });
    return data;
  };
  const copy = (from: string, to: string) => cpSync(join(dataOf(from), 'temporal.db'), join(dataOf(to), 'temporal.db'));
  const open = (home: string) => openLocalServer({ env: { ...process.env, XDG_DATA_HOME: home }, onProgress: silent });
  const ids = async (address: string): Promise<string[]> => {
    const connection = await Connection.connect({ address });
    const found: string[] = [];
    for await (const { workflowId } of new Client({ connection }).workflow.list()) found.push(workflowId);
    await connection.close();
    return found;
  };
  const begin = async (address: string, workflowId: string) => {
    const connection = await Connection.connect({ address });
    await new Client({ connection }).workflow.start('any', { workflowId, taskQueue: 'nobody' });
    await connection.close();
    // What is listed is written a moment after what is started.
    await eventually(async () => (await ids(address)).includes(workflowId));
  };

  test('one file is the whole of it, after a clean end and after the server was killed (T13)', async () => {
    const [first, second, third] = ['first', 'second', 'third'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const server = await open(first);
    await begin(server.address, 'before');
    await server.stop();
    expect(readdirSync(dataOf(first)).filter((name) => name.startsWith('temporal.db'))).toEqual(['temporal.db']);
    copy(first, second);

    const moved = await open(second);
    expect(await ids(moved.address)).toEqual(['before']);
    await begin(moved.address, 'after');
    const { serverPid } = JSON.parse(readFileSync(join(dataOf(second), 'server.json'), 'utf8')) as {
      serverPid: number;
    };
    process.kill(serverPid, 'SIGKILL');
    await expect(moved.failed).rejects.toThrow(/server ended/);
    await moved.stop();
    copy(second, third);

    const again = await open(third);
    expect((await ids(again.address)).sort()).toEqual(['after', 'before']);
    await again.stop();
  });

  test('a file that is no database is named with what the server said (T13)', async () => {
    const home = join(folder, 'broken');
    writeFileSync(join(dataOf(home), 'temporal.db'), 'not a database '.repeat(100));
    await expect(open(home)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(
        /It said: .*file is not a database.*broken\/temporal-husky\/temporal\.db/,
      ) as string,
    });
  });
});

test('a program that is called temporal and is another one is named, with the variable that names the right one', async () => {
  const other = join(folder, 'temporal');
  writeFileSync(other, '#!/bin/sh\necho "usage: temporal [-h] file" >&2\nexit 2\n', { mode: 0o755 });
  const started = startTemporalServer({ ephemeral: true, env: { TEMPORAL_CLI_PATH: other } });
  await expect(started).rejects.toThrow(
    `It said: usage: temporal [-h] file Run npx temporal-husky doctor, or start a server yourself and set TEMPORAL_ADDRESS. The program was ${other}; if that is not the Temporal CLI`,
  );
});
