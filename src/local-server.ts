/**
 * The local Temporal server, `temporal-husky/local-server`: the one that the commands start, for programs and tests. Its settings are measured
 * for short activities: eager starts, one partition a queue, a write-ahead log.
 *
 * @module
 *
 * @example
 * ```ts
 * const server = await startTemporalServer({ ephemeral: true, ui: false });
 * const connection = await Connection.connect({ address: server.address });
 * // ...
 * await server.stop();
 * ```
 */
import './process/require-node';

export { startTemporalServer, type TemporalServer, type TemporalServerOptions } from './temporal-server/start-server';
export { openLocalServer, type LocalServer, type LocalServerOptions } from './temporal-server/local-server';
export { ensureTemporalCli, findTemporalCli, type EnsureOptions } from './temporal-server/find-cli';
export {
  clientConnectionOptions,
  nativeConnectionOptions,
  type ServerSettings,
} from './temporal-server/connection-options';
