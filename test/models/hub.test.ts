import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseConfig } from '../../src/config';
import { createModel, pullModel } from '../../src/models';
import { hubReference, partsOf } from '../../src/models/hub/hub-reference';
import { cachedFile, listModels, localModelPath } from '../../src/models/hub/model-cache';
import { isWhole, type PullOptions } from '../../src/models/hub/pull-model';
import { COMMIT, startHub, type HubServer } from './hub-server';

const MODEL = randomBytes(300_000);
const SMALL = Buffer.from('{"a":1}');
let hub: HubServer;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'husky-hub-'));
  hub = await startHub({
    'tiny.gguf': MODEL,
    'sub/tiny.gguf': MODEL,
    'config.json': SMALL,
    'big-00001-of-00002.gguf': MODEL,
    'big-00002-of-00002.gguf': SMALL,
  });
});
afterEach(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

const env = (more: NodeJS.ProcessEnv = {}) => ({
  HUSKY_MODELS: folder,
  HF_HOME: join(folder, 'hf'),
  HF_ENDPOINT: hub.endpoint,
  ...more,
});
const pull = (name: string, more: NodeJS.ProcessEnv = {}, options: PullOptions = {}) =>
  pullModel(name, { env: env(more), pauseMs: 1, ...options });

test('a file is fetched by name, checked and found again; the second time nothing is asked', async () => {
  const seen: number[] = [];
  const { path, fetched } = await pull(
    'hf:me/models:tiny.gguf',
    {},
    { onProgress: ({ received }) => seen.push(received) },
  );
  expect(fetched).toBe(true);
  expect(readFileSync(path).equals(MODEL)).toBe(true);
  expect(seen.at(-1)).toBe(MODEL.length);
  expect(hub.asked.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'hub HEAD /me/models/resolve/main/tiny.gguf',
    `hub GET /me/models/resolve/${COMMIT}/tiny.gguf`,
    'cdn GET /tiny.gguf',
  ]);
  expect(await pull('hf:me/models:tiny.gguf')).toEqual({ path, fetched: false });
  expect(hub.asked).toHaveLength(3);
  expect(await listModels(env())).toMatchObject([
    { reference: 'hf:me/models:tiny.gguf', bytes: MODEL.length, commit: COMMIT, path },
  ]);
  expect(await isWhole(path)).toBe(true);
  expect(localModelPath('hf:me/models:tiny.gguf', env())).toBe(path);
  expect(readdirSync(dirname(path)).filter((name) => name.includes('.part'))).toEqual([]);
});

test('a connection that breaks is made again, from where it broke', async () => {
  let begin = () => undefined as void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  // What a client has not read yet when the connection breaks is lost to it.
  hub.mishaps.push({ cutAt: 100_000, after: begun }, { status: 503 });
  const { path } = await pull('hf:me/models:tiny.gguf', {}, { onProgress: begin });
  expect(readFileSync(path).equals(MODEL)).toBe(true);
  const ranges = hub.asked.filter((line) => line.startsWith('cdn')).map((line) => /bytes=(\d+)-/.exec(line)?.[1]);
  expect(ranges).toHaveLength(3);
  expect(ranges[0]).toBeUndefined();
  expect(Number(ranges[2])).toBeGreaterThan(0);
});

test('a fetch that was given up is gone on with by the next one, also where the server knows no ranges', async () => {
  for (const next of [[], ['no-ranges' as const]]) {
    const stop = new AbortController();
    const name = next.length === 0 ? 'hf:me/models:tiny.gguf' : 'hf:me/models:sub/tiny.gguf';
    hub.mishaps.push({ cutAt: 100_000 });
    await expect(
      pull(name, {}, { signal: stop.signal, onProgress: () => stop.abort(new Error('left')) }),
    ).rejects.toThrow('left');
    hub.mishaps.splice(0, Infinity, ...next);
    const { path } = await pull(name);
    expect(readFileSync(path).equals(MODEL)).toBe(true);
  }
});

test('a file that is not the one that the hub names is not kept', async () => {
  await expect(pull('hf:me/wrong:tiny.gguf')).rejects.toThrow(/did not come whole.*pull again/);
  expect(cachedFile(hubReference('hf:me/wrong:tiny.gguf'), env())).toBeUndefined();
});

test("a small file is checked by Git's id", async () => {
  const { path } = await pull('hf:me/models:config.json');
  expect(readFileSync(path).equals(SMALL)).toBe(true);
});

test('a repository that was renamed is followed; all parts of a split model are fetched', async () => {
  await pull('hf:me/renamed:tiny.gguf');
  const { path } = await pull('hf:me/models:big-00001-of-00002.gguf');
  expect(path).toMatch(/00001-of-00002\.gguf$/);
  expect(readFileSync(path.replace('00001-of', '00002-of')).equals(SMALL)).toBe(true);
  expect(partsOf(hubReference('hf:a/b:tiny.gguf'))).toHaveLength(1);
});

test('the token goes to the hub alone, and a model that needs one says so', async () => {
  await expect(pull('hf:me/gated:tiny.gguf')).rejects.toThrow(/accept them at .*\/me\/gated, and set HF_TOKEN/);
  await expect(pull('hf:me/gated:tiny.gguf', { HF_TOKEN: 'hf_other' })).rejects.toThrow(
    /token in HF_TOKEN is not of such an account/,
  );
  await pull('hf:me/gated:tiny.gguf', { HF_TOKEN: 'hf_allowed' });
  expect(hub.asked.filter((line) => line.startsWith('cdn') && line.includes('hf_allowed'))).toEqual([]);
});

test.each([
  ['hf:me/models:absent.gguf', /has no file absent\.gguf/],
  ['hf:you/none:tiny.gguf', /no repository you\/none .* or it is private: set HF_TOKEN/],
  ['hf:me/models', /the form is hf:owner\/repo:file/],
  ['hf:me/models:../../etc/passwd', /the form is/],
])('%s is told', async (name, message) => {
  await expect(pull(name)).rejects.toThrow(message);
});

test('without a network the way out is told; offline by setting nothing is asked', async () => {
  await expect(pull('hf:me/models:tiny.gguf', { HF_ENDPOINT: 'http://127.0.0.1:9' })).rejects.toThrow(
    /127\.0\.0\.1:9 could not be reached \(ECONNREFUSED.*copy the file here/,
  );
  await expect(pull('hf:me/models:tiny.gguf', { HF_HUB_OFFLINE: '1' })).rejects.toThrow(/HF_HUB_OFFLINE/);
  expect(hub.asked).toEqual([]);
});

test('two fetches of one file are one', async () => {
  const both = await Promise.all([pull('hf:me/models:tiny.gguf'), pull('hf:me/models:tiny.gguf')]);
  expect(both[0].path).toBe(both[1].path);
  expect(hub.asked.filter((line) => line.startsWith('cdn'))).toHaveLength(1);
});

test("a file of Hugging Face's own cache is used where it lies", () => {
  const shared = join(folder, 'hf', 'hub', 'models--me--models');
  mkdirSync(join(shared, 'refs'), { recursive: true });
  mkdirSync(join(shared, 'snapshots', COMMIT), { recursive: true });
  writeFileSync(join(shared, 'refs', 'main'), COMMIT);
  writeFileSync(join(shared, 'snapshots', COMMIT, 'tiny.gguf'), MODEL);
  expect(localModelPath('hf:me/models:tiny.gguf', env())).toBe(join(shared, 'snapshots', COMMIT, 'tiny.gguf'));
});

test('a configuration may name a file so; one that was not fetched says how', async () => {
  const path = 'hf:me/models:tiny.gguf';
  const config = parseConfig({ models: { default: { provider: 'gguf', path } } });
  const before = process.env.HUSKY_MODELS;
  process.env.HUSKY_MODELS = folder;
  try {
    await expect(createModel(config.models.default as never)).rejects.toThrow(`husky models pull ${path}`);
  } finally {
    if (before === undefined) delete process.env.HUSKY_MODELS;
    else process.env.HUSKY_MODELS = before;
  }
});
