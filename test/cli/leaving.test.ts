/** Ctrl-C and SIGTERM while a command still waits for what it needs. */
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { eventually, household, type Household } from './command';

jest.setTimeout(180_000);

/** Milliseconds; without a signal the wait lasts twenty seconds. A busy machine needs some. */
const SOON = 10_000;

/** Takes connections and never answers. */
const sockets: Socket[] = [];
const mute = createServer((socket) => {
  sockets.push(socket.on('error', () => undefined));
});
let home: Household;
let address: string;

beforeAll(async () => {
  home = household();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const model = { provider: 'openai', baseUrl: `http://${address}/v1`, model: 'm', contextTokens: 4096 };
  writeFileSync(join(home.folder, 'husky.yaml'), JSON.stringify({ prompts: 'instruct', models: { default: model } }));
});
afterAll(async () => {
  await home.close();
  sockets.forEach((socket) => socket.destroy());
  mute.close();
});

/** @returns exit code and milliseconds from the signal to the end */
async function leave(
  words: string[],
  signal: NodeJS.Signals,
): Promise<{ code: number | null; ms: number; err: string }> {
  const before = sockets.length;
  const { child, done } = home.start(words);
  await eventually(() => sockets.length > before);
  const at = Date.now();
  child.kill(signal);
  const { code, err } = await done;
  return { code, ms: Date.now() - at, err };
}

test.each([
  [['solve', 'a question'], 130],
  [['watch', 'x'], 130],
  [['serve', '--port', '0'], 130],
  // A worker that is told to end has done nothing wrong.
  [['worker', '--roles', 'workflow'], 0],
] as [string[], number][])('%j ends at the first signal while the server does not answer', async (words, expected) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { code, ms, err } = await leave([...words, '--address', address], signal);
    expect({ code, err }).toMatchObject({ code: expected, err: expect.not.stringContaining('not foreseen') });
    expect(ms).toBeLessThan(SOON);
  }
});

test('a worker ends while its model server does not answer', async () => {
  const { code, ms } = await leave(['worker', '--roles', 'math', '--address', '127.0.0.1:9'], 'SIGTERM');
  expect(code).toBe(0);
  expect(ms).toBeLessThan(SOON);
});
