/** Options that most commands share, and the configuration that they name. */
import { createRequire } from 'node:module';
import { InvalidArgumentError, type Command } from 'commander';
import type * as Config from '../../config';
import type { HuskyConfig } from '../../config';
import { configFile } from '../../files/config-file';
import { parseServerAddress } from '../../temporal-server/server-address';

const load = createRequire(__filename);
/** Loaded when a configuration is read: its schema takes a tenth of a second. */
const configuration = () => load('../../config') as typeof Config;

export interface ConnectionFlags {
  config?: string;
  address?: string;
}

export interface SessionFlags extends ConnectionFlags {
  /** A server in memory, for this command alone. */
  ephemeral?: boolean;
}

export function addConnectionOptions(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'configuration (default: HUSKY_CONFIG, husky.yaml, OPENAI_BASE_URL, the bundled experts)',
    )
    .option(
      '--address <host:port>',
      'Temporal server (default: TEMPORAL_ADDRESS or profile, else a local one)',
      hostPort,
    );
}

/** The configuration, and whether the user chose it. If not, running workers with any configuration can be used. */
export function readConfig(flags: ConnectionFlags): { config: HuskyConfig; chosen: boolean } {
  const config = configuration().loadConfig({ path: flags.config });
  return { config, chosen: !isBundled(config) };
}

/** For commands that can do without: the configuration of a file, if there is one. */
export function readFileConfig({ config: path }: ConnectionFlags): HuskyConfig | undefined {
  return configFile({ path }) === undefined ? undefined : configuration().loadConfig({ path });
}

function isBundled(config: HuskyConfig): boolean {
  const { bundledConfig, configFingerprint } = configuration();
  try {
    return configFingerprint(config) === configFingerprint(bundledConfig());
  } catch {
    return false;
  }
}

function hostPort(text: string): string {
  try {
    parseServerAddress(text, 'It');
    return text;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
