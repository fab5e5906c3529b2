/**
 * Notices that the certificates, keys or API key with which a command reaches Temporal were replaced in their files. Connections read them
 * once, so after a rotation the worker would lose the server when the old ones expire.
 */
import { createHash } from 'node:crypto';
import { pause } from '../../process/abort';
import { ProgramError } from '../../process/program-error';
import { environmentSettings } from '../../temporal-server/environment-settings';

/** Milliseconds between looks. */
const LOOK_MS = 30_000;

/**
 * Ends only by an error or the signal.
 *
 * @throws ProgramError (3) when two looks in a row have found the same new ones, so that none is taken for new while it is written
 */
export async function untilCredentialsChange(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  intervalMs = LOOK_MS,
): Promise<void> {
  const first = credentials(env);
  let last = first;
  while (!signal.aborted) {
    await pause(intervalMs, signal);
    const now = credentials(env);
    if (now !== undefined && now !== first && now === last)
      throw new ProgramError('The certificate or key for the Temporal server was replaced; a new start reads it.', 3);
    last = now;
  }
}

/** @returns undefined while they cannot be read */
function credentials(env: NodeJS.ProcessEnv): string | undefined {
  try {
    const { tls, apiKey } = environmentSettings(env).connection;
    return createHash('sha256')
      .update(JSON.stringify([tls, apiKey]))
      .digest('hex');
  } catch {
    return undefined;
  }
}
