/** The Temporal server of a command that needs no workers. */
import { readFileConfig, type ConnectionFlags } from '../options/command-config';
import { createTerminal } from '../terminal/terminal';
import { openTemporal, type TemporalAccess } from './temporal-access';

/** Opens the server that the flags name, or the local one, for as long as `body` runs. */
export async function withServer<T>(flags: ConnectionFlags, body: (access: TemporalAccess) => Promise<T>): Promise<T> {
  const { line: onProgress } = createTerminal(process.stderr);
  const access = await openTemporal({ address: flags.address, config: readFileConfig(flags), onProgress });
  try {
    return await body(access);
  } finally {
    await access.close();
  }
}
