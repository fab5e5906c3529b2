/**
 * Fetches a model file by name. An interrupted download is resumed, and the file counts only if its checksum is right.
 * Protocol: `HEAD` and `GET /owner/repo/resolve/revision/file` of Hugging Face's hub; `x-linked-etag` is the sha256 of a large file.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createHttpClient, type HttpClient } from '../../http/http-client';
import { headersAfter, redirection } from '../../http/redirection';
import { addFile, sha256OfFile } from '../../files/fingerprint';
import { withProcessLock } from '../../process/process-lock';
import { notGguf } from '../gguf-head';
import {
  HubError,
  hubOf,
  isOn,
  refusedContent,
  refusedFile,
  unreachable,
  type AskedFile,
  type Hub,
} from './hub-failure';
import { hubReference, nameOf, partsOf, type HubReference } from './hub-reference';
import { cachedFile, cachePath, readRecord, recordPath, type PulledFile } from './model-cache';

interface PullProgress {
  file: string;
  received: number;
  /** Undefined if the hub does not say. */
  total: number | undefined;
}

export interface PullOptions {
  /** HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE, HUSKY_MODELS and proxies. @default process.env */
  env?: NodeJS.ProcessEnv;
  onProgress?: (progress: PullProgress) => void;
  onWait?: () => void;
  /** Called before a pause, in milliseconds, after which it tries again. */
  onRetry?: (why: string, pauseMs: number) => void;
  signal?: AbortSignal;
  /** Milliseconds before the first retry; doubled with each. @default 1000 */
  pauseMs?: number;
  /** Fetches the file even if it is there. @default false */
  force?: boolean;
}

export interface PulledModel {
  /** Path of the file; of a split model, the first part. */
  path: string;
  /** Whether anything was fetched. */
  fetched: boolean;
}

const ATTEMPTS = 5;
/** Milliseconds without data after which a connection is closed. */
const SILENCE_MS = 60_000;
const HEAD_TIMEOUT_MS = 30_000;
const MAX_REDIRECTIONS = 5;

/**
 * Fetches the file that `path` names, unless it is there, and returns its place.
 *
 * @param path `hf:owner/repo:file`
 * @throws HubError, ConfigurationInvalid for a name of another form
 */
export async function pullModel(path: string, options: PullOptions = {}): Promise<PulledModel> {
  const { env = process.env } = options;
  const client = createHttpClient(env);
  try {
    const reference = hubReference(path);
    const there = options.force ? undefined : cachedFile(reference, env);
    if (there !== undefined) return { path: there, fetched: false };
    // llama.cpp looks for the other parts beside the first.
    const paths: string[] = [];
    for (const part of partsOf(reference)) paths.push(await pullFile(part, client, { ...options, env }));
    return { path: paths[0] as string, fetched: true };
  } finally {
    await client.close();
  }
}

type Settings = PullOptions & { env: NodeJS.ProcessEnv };

/** One file on its way. */
interface Pull extends AskedFile {
  client: HttpClient;
  options: Settings;
  /** Where it grows. */
  part: string;
}

async function pullFile(reference: HubReference, client: HttpClient, options: Settings): Promise<string> {
  const { env, force = false } = options;
  const path = cachePath(reference, env);
  if (!force && existsSync(path)) return path;
  if (isOn(env.HF_HUB_OFFLINE))
    throw new HubError(`${nameOf(reference)} is not on this machine, and HF_HUB_OFFLINE forbids to fetch it.`, false);
  await mkdir(dirname(path), { recursive: true });
  return withProcessLock(
    `${path}.lock`,
    async () => {
      // Another process may have fetched it in the meantime.
      if (!force && existsSync(path)) return path;
      const part = `${path}.part`;
      const pull = { reference, hub: hubOf(env), client, options, part };
      const meta = await patiently(options, () => look(pull));
      const sizeOfPart = () => stat(part).then(({ size }) => size);
      await patiently(options, () => download(pull, meta), sizeOfPart);
      const sha256 = await checked(pull, meta);
      const record: PulledFile = {
        reference: nameOf(reference),
        endpoint: pull.hub.endpoint,
        commit: meta.commit,
        etag: meta.etag,
        bytes: await sizeOfPart(),
        sha256,
        pulledAt: new Date().toISOString(),
      };
      await writeFile(recordPath(path), `${JSON.stringify(record, null, 2)}\n`);
      await rename(part, path);
      await rm(`${part}.etag`, { force: true });
      return path;
    },
    options.onWait,
  );
}

/** Retries work that may succeed later. Tries that got further do not count: a large file may take many. */
async function patiently<T>(
  { signal, pauseMs = 1000, onRetry }: Settings,
  work: () => Promise<T>,
  reached: () => Promise<number> = () => Promise.resolve(0),
): Promise<T> {
  let furthest = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const now = await reached().catch(() => 0);
      if (now > furthest) attempt = 1;
      furthest = Math.max(now, furthest);
      if (!(error instanceof HubError) || !error.again || attempt >= ATTEMPTS) throw error;
      const wait = Math.max(error.waitMs ?? 0, pauseMs * 2 ** (attempt - 1));
      onRetry?.(error.message, wait);
      await pause(wait, undefined, { signal });
    }
  }
}

interface FileMeta {
  etag: string;
  bytes?: number;
  commit?: string;
}

const addressOf = ({ repo, file }: HubReference, { endpoint }: Hub, revision: string) =>
  new URL(
    `${endpoint}/${repo}/resolve/${encodeURIComponent(revision)}/${file.split('/').map(encodeURIComponent).join('/')}`,
  );

const authorization = ({ token }: Hub): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** Asks the hub about the file. The hub answers before it redirects to the server with the content. */
async function look(pull: Pull): Promise<FileMeta> {
  const { reference, hub, client, options } = pull;
  let url = addressOf(reference, hub, reference.revision);
  let sent: Record<string, string> = { 'accept-encoding': 'identity', ...authorization(hub) };
  for (let followed = 0; ; followed += 1) {
    const { status, headers } = await client
      .send({ url, method: 'HEAD', headers: sent, timeoutMs: HEAD_TIMEOUT_MS, signal: options.signal })
      .catch((error: unknown) => {
        options.signal?.throwIfAborted();
        throw unreachable(error, pull, options.env);
      });
    const next = redirection(status, headers.get('location') ?? undefined, url);
    // A renamed repository and a mirror lead on without a word about the file; the hub itself says what it is, and then leads to the content.
    if (next && followed < MAX_REDIRECTIONS && !headers.has('x-linked-etag')) {
      sent = headersAfter(sent, url, next);
      url = next;
      continue;
    }
    if (status >= 400) throw refusedFile(pull, { status, headers, body: '' });
    const etag = (headers.get('x-linked-etag') ?? headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '');
    const bytes = Number(headers.get('x-linked-size') ?? (status < 300 ? headers.get('content-length') : null) ?? NaN);
    const commit = headers.get('x-repo-commit') || undefined;
    return { etag, bytes: Number.isFinite(bytes) ? bytes : undefined, commit };
  }
}

/** Downloads the file. Resumes after the part on disk, if that belongs to the same file. */
async function download(pull: Pull, meta: FileMeta): Promise<void> {
  const { reference, part, options } = pull;
  const { signal, onProgress } = options;
  let received = await begun(part, meta);
  if (meta.bytes !== undefined && received === meta.bytes) return;
  await checkRoom(reference, part, (meta.bytes ?? 0) - received);
  const quiet = new AbortController();
  const all = signal ? AbortSignal.any([signal, quiet.signal]) : quiet.signal;
  const listen = () => setTimeout(() => quiet.abort(new Error(`nothing came for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  let timer = listen();
  try {
    const { status, body, from } = await openContent(pull, meta, received, all);
    if (from > received) throw new HubError(`The answer for ${nameOf(reference)} leaves out a part.`, true);
    if (from < received) await truncate(part, (received = from));
    if (status === 416)
      throw new HubError(`The part of ${nameOf(reference)} on this machine does not fit the hub's file.`, true);
    const file = await open(part, 'a');
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        clearTimeout(timer);
        timer = listen();
        await file.write(chunk);
        received += chunk.byteLength;
        onProgress?.({ file: reference.file, received, total: meta.bytes });
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof HubError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new HubError(
        `There is no room on the disk for ${nameOf(reference)} (${part}); free some, and pull again to go on.`,
        false,
      );
    throw unreachable(quiet.signal.aborted ? quiet.signal.reason : error, pull, options.env);
  } finally {
    clearTimeout(timer);
  }
  if (meta.bytes !== undefined && received < meta.bytes)
    throw new HubError(
      `The connection ended after ${received} of ${meta.bytes} bytes of ${nameOf(reference)}; pull again to go on.`,
      true,
    );
}

/** @throws HubError if what is still to come does not fit the disk: after an hour would be late to say so */
async function checkRoom(reference: HubReference, part: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(part));
  const room = bavail * bsize;
  if (bytes <= room) return;
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`;
  throw new HubError(
    `${nameOf(reference)} needs ${gigabytes(bytes)} more, and the disk of ${dirname(part)} has ${gigabytes(room)} left; free some, or name a folder of another disk with HUSKY_MODELS.`,
    false,
  );
}

/** Bytes of this file that an earlier try left. */
async function begun(part: string, { etag, bytes = Infinity }: FileMeta): Promise<number> {
  const { size } = await stat(part).catch(() => ({ size: 0 }));
  const recorded = await readFile(`${part}.etag`, 'utf8').catch(() => '');
  if (size > 0 && size <= bytes && etag !== '' && recorded === etag) return size;
  await writeFile(part, '');
  await writeFile(`${part}.etag`, etag);
  return 0;
}

async function openContent(pull: Pull, { commit }: FileMeta, from: number, signal: AbortSignal) {
  const { reference, hub, client } = pull;
  // The client sends the token only to the hub; the address of the content holds its own authorization.
  const { statusCode, headers, body } = await client.open({
    url: addressOf(reference, hub, commit ?? reference.revision),
    headers: {
      'accept-encoding': 'identity',
      ...(from > 0 ? { range: `bytes=${from}-` } : {}),
      ...authorization(hub),
    },
    redirections: MAX_REDIRECTIONS,
    signal,
  });
  if (statusCode === 416) await body.dump();
  else if (statusCode >= 400) {
    const answer = { status: statusCode, headers: new Headers(headers as Record<string, string>) };
    throw refusedContent(pull, { ...answer, body: (await body.text()).slice(0, 1000) });
  }
  const begins = /^bytes (\d+)-/.exec(String(headers['content-range']))?.[1];
  return { status: statusCode, body, from: statusCode === 206 ? Number(begins ?? from) : 0 };
}

/** Checks the file and returns its sha256. @throws HubError and removes the file, if the checksum is wrong */
async function checked({ reference, part, options: { signal } }: Pull, { etag }: FileMeta): Promise<string> {
  const sha256 = await sha256OfFile(part, signal);
  const { size } = await stat(part);
  const git = /^[0-9a-f]{40}$/.test(etag)
    ? await addFile(createHash('sha1').update(`blob ${size}\0`), part, signal)
    : undefined;
  if ((/^[0-9a-f]{64}$/.test(etag) && sha256 !== etag) || (git !== undefined && git !== etag)) {
    await rm(part, { force: true });
    throw new HubError(
      `${nameOf(reference)} did not come whole: its checksum is ${git ?? sha256} and the hub names ${etag}. It was removed; pull again.`,
      false,
    );
  }
  const instead = reference.file.endsWith('.gguf') ? notGguf(part) : undefined;
  if (instead !== undefined) {
    await rm(part, { force: true });
    throw new HubError(`What came for ${nameOf(reference)} is ${instead}. It was removed.`, false);
  }
  return sha256;
}

/** Whether a fetched file is unchanged. */
export async function isWhole(path: string): Promise<boolean> {
  const record = await readRecord(path);
  return (
    record !== undefined && (await stat(path)).size === record.bytes && (await sha256OfFile(path)) === record.sha256
  );
}
