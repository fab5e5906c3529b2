import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseConfig } from '../../src/config';
import { createModel, pullModel } from '../../src/models';
import { hubReference, partsOf } from '../../src/models/hub/hub-reference';
import { cachedFile, listModels, localModelPath } from '../../src/models/hub/model-cache';
import { isWhole, type PullOptions } from '../../src/models/hub/pull-model';
import { COMMIT, startHub, type HubServer } from './hub-server';

const HEAD = Buffer.from('GGUF\x03\0\0\0');
const MODEL = Buffer.concat([HEAD, randomBytes(300_000)]);
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
    'big-00002-of-00002.gguf': HEAD,
    'page.gguf': Buffer.from('<!doctype html><title>Sign in</title>'),
    'pointer.gguf': Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n'),
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
  hub.mishaps.push({ cutAt: 100_000, after: () => begun }, { status: 503 });
  const { path } = await pull('hf:me/models:tiny.gguf', {}, { onProgress: begin });
  expect(readFileSync(path).equals(MODEL)).toBe(true);
  const ranges = hub.asked.filter((line) => line.startsWith('cdn')).map((line) => /bytes=(\d+)-/.exec(line)?.[1]);
  expect(ranges).toHaveLength(3);
  expect(ranges[0]).toBeUndefined();
  expect(Number(ranges[2])).toBeGreaterThan(0);
});

test('a fetch that was given up is gone on with by the next one, also where the server sends another range or the whole', async () => {
  for (const [next, name] of [
    [[], 'hf:me/models:tiny.gguf'],
    [['no-ranges' as const], 'hf:me/models:sub/tiny.gguf'],
    [['other-range' as const], 'hf:me/models@v2:tiny.gguf'],
  ] as const) {
    const stop = new AbortController();
    hub.mishaps.push({ cutAt: 100_000 });
    await expect(
      pull(name, {}, { signal: stop.signal, onProgress: () => stop.abort(new Error('left')) }),
    ).rejects.toThrow('left');
    hub.mishaps.splice(0, Infinity, ...next);
    const { path } = await pull(name);
    expect(readFileSync(path).equals(MODEL)).toBe(true);
  }
});

test('tries that get further are not counted, and the hub is left alone as long as it wants', async () => {
  for (let cut = 0; cut < 7; cut += 1) hub.mishaps.push({ cutAt: 30_000, after: () => setTimeout(30) });
  const { path } = await pull('hf:me/models:tiny.gguf');
  expect(readFileSync(path).equals(MODEL)).toBe(true);
  const pauses: number[] = [];
  hub.mishaps.push({ status: 429, headers: { 'retry-after': '0.2' } }, { status: 503 });
  await pull('hf:me/models:sub/tiny.gguf', {}, { onRetry: (_why, ms) => pauses.push(ms) });
  expect(pauses).toEqual([200, 2]);
});

test('what the server with the content refuses is not told as refused by the hub', async () => {
  hub.mishaps.push(...Array.from({ length: 5 }, () => ({ status: 403 })));
  await expect(pull('hf:me/gated:tiny.gguf', { HF_TOKEN: 'hf_allowed' })).rejects.toThrow(
    /content of hf:me\/gated:tiny\.gguf, .* was refused with 403\. The hub had allowed it: .*firewall.*\*\.hf\.co/,
  );
});

test('a page or a pointer in the place of a model is not kept, whatever its checksum', async () => {
  await expect(pull('hf:me/models:page.gguf')).rejects.toThrow(/is a web page instead of the file.*It was removed/);
  await expect(pull('hf:me/models:pointer.gguf')).rejects.toThrow(/is a pointer of Git LFS/);
  expect(cachedFile(hubReference('hf:me/models:page.gguf'), env())).toBeUndefined();
});

test('a file that does not fit the disk is not begun', async () => {
  await expect(pull('hf:me/huge:tiny.gguf')).rejects.toThrow(
    /needs 1000000000\.0 GB more, and the disk of .* has .* GB left/,
  );
  expect(hub.asked.filter((line) => line.includes('GET'))).toEqual([]);
});

test('a mirror that leads to another hub is followed for what the file is, too, without the token', async () => {
  const { path } = await pull('hf:me/mirrored:tiny.gguf', { HF_TOKEN: 'hf_own' });
  expect(JSON.parse(readFileSync(`${path}.json`, 'utf8'))).toMatchObject({ commit: COMMIT, bytes: MODEL.length });
  expect(hub.asked.filter((line) => line.includes('/me/models/') && line.includes('hf_own'))).toEqual([]);
});

test('parts of a split model count together: llama.cpp looks for them in one folder', async () => {
  const shared = join(folder, 'hf', 'hub', 'models--me--models', 'snapshots', 'main');
  mkdirSync(shared, { recursive: true });
  writeFileSync(join(shared, 'big-00001-of-00002.gguf'), MODEL);
  expect(() => localModelPath('hf:me/models:big-00001-of-00002.gguf', env())).toThrow('husky models pull');
  const { path } = await pull('hf:me/models:big-00002-of-00002.gguf');
  expect(path).toBe(join(folder, 'me--models', 'main', 'big-00001-of-00002.gguf'));
  expect(existsSync(path) && existsSync(path.replace('00001', '00002'))).toBe(true);
  rmSync(path.replace('00001-of', '00002-of'));
  hub.asked.length = 0;
  expect(await pull('hf:me/models:big-00001-of-00002.gguf')).toEqual({ path, fetched: true });
  expect(hub.asked.filter((line) => line.includes('00001'))).toEqual([]);
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
  expect(readFileSync(path.replace('00001-of', '00002-of')).equals(HEAD)).toBe(true);
  expect(partsOf(hubReference('hf:a/b:tiny.gguf'))).toHaveLength(1);
});

test('the token goes to the hub alone, and a model that needs one says so', async () => {
  await expect(pull('hf:me/gated:tiny.gguf')).rejects.toThrow(/accept them at .*\/me\/gated, and set HF_TOKEN/);
  await expect(pull('hf:me/gated:tiny.gguf', { HF_TOKEN: 'hf_other' })).rejects.toThrow(
    /its token \(HF_TOKEN, or of hf auth login\) is not of such an account/,
  );
  await pull('hf:me/gated:tiny.gguf', { HF_TOKEN: 'hf_allowed' });
  expect(hub.asked.filter((line) => line.startsWith('cdn') && line.includes('hf_allowed'))).toEqual([]);
});

test('the token of hf auth login is used unless that is forbidden; a token that is no longer valid is told', async () => {
  mkdirSync(join(folder, 'hf'));
  writeFileSync(join(folder, 'hf', 'token'), 'hf_allowed\n');
  await expect(pull('hf:me/gated:tiny.gguf', { HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' })).rejects.toThrow(/accept them at/);
  await pull('hf:me/gated:tiny.gguf');
  await expect(pull('hf:me/expired:tiny.gguf')).rejects.toThrow(/does not take the token \(.*is expired\)/);
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
