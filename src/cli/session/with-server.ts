/** The Temporal server of a command that needs no workers. */
import { rejectOnAbort } from '../../process/abort';
import { readFileConfig, type ConnectionFlags } from '../options/command-config';
import { createTerminal } from '../terminal/terminal';
import { openTemporal, type TemporalAccess } from './temporal-access';

/**
 * Opens the server that the flags name, or the local one, for as long as `body` runs.
 *
 * @param interrupted ends the wait for the server, for commands that listen for Ctrl-C
 */
export async function withServer<T>(
  flags: ConnectionFlags,
  body: (access: TemporalAccess) => Promise<T>,
  interrupted?: AbortSignal,
): Promise<T> {
  const { line: onProgress } = createTerminal(process.stderr);
  const opening = openTemporal({ address: flags.address, config: readFileConfig(flags), onProgress });
  const access = await rejectOnAbort(opening, interrupted);
  try {
    return await body(access);
  } finally {
    await access.close();
  }
}
