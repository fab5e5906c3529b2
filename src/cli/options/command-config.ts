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

export function wholeNumber(minimum: number, maximum = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum)
      throw new InvalidArgumentError(
        `It must be a whole number, ${maximum < Infinity ? `${minimum} to ${maximum}` : `${minimum} or more`}.`,
      );
    return value;
  };
}

/** A port; 0 for a free one. */
export const port = wholeNumber(0, 65_535);

export function numberFrom0(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It must be a number, 0 or more.');
  return value;
}

/** Seconds, or a number with ms, s, m or h. @returns milliseconds */
export function duration(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const factors: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const ms = Math.round(Number(number) * (factors[unit] ?? NaN));
  if (!(ms > 0)) throw new InvalidArgumentError('It must be a time such as 30s, 5m or 500ms.');
  return ms;
}
