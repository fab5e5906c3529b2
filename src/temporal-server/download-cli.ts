/** Downloads the Temporal CLI from the service that the SDK's test environments use. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createHttpClient } from '../http/http-client';
import { networkReason } from '../http/network-reason';

/** Temporal's own download service, which sdk-core's ephemeral servers use; `latest` for any SDK. */
const SERVICE = 'https://temporal.download/cli/archive/latest';
const PLATFORMS: Record<string, string> = { linux: 'linux', darwin: 'darwin' };
const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };
const ANSWER_LIMIT_S = 10;

/** Writes the CLI to `target`, whole or not at all. @returns why it failed, or undefined */
export async function downloadTemporalCli(target: string, env = process.env): Promise<string | undefined> {
  const platform = PLATFORMS[process.platform];
  const architecture = ARCHITECTURES[process.arch];
  if (!platform || !architecture) return `none for ${process.platform} ${process.arch}`;
  const url = new URL(env.TEMPORAL_DOWNLOAD_URL ?? SERVICE);
  url.searchParams.set('platform', platform);
  url.searchParams.set('arch', architecture);
  const folder = join(dirname(target), '.download');
  const client = createHttpClient(env);
  // An interrupted try may have left files.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const noAnswer = new AbortController();
    const timer = setTimeout(
      () => noAnswer.abort(new Error(`no answer in ${ANSWER_LIMIT_S} s`)),
      ANSWER_LIMIT_S * 1000,
    );
    const { statusCode, body } = await client
      .open({ url, redirections: 5, signal: noAnswer.signal })
      .finally(() => clearTimeout(timer));
    if (statusCode !== 200) return `${url.host} answered ${statusCode}`;
    const archive = join(folder, 'temporal.tar.gz');
    await pipeline(body, createWriteStream(archive));
    await unpack(archive, folder);
    await chmod(join(folder, 'temporal'), 0o755);
    await rename(join(folder, 'temporal'), target);
    return undefined;
  } catch (error) {
    return networkReason(error, url, env);
  } finally {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(archive: string, folder: string): Promise<void> {
  const tar = spawn('tar', ['-xzf', archive, '-C', folder, 'temporal'], { stdio: 'ignore' });
  const [code] = (await once(tar, 'close')) as [number | null];
  if (code !== 0) throw new Error('what was downloaded is not the archive that was expected');
}
