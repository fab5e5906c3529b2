/** The identity of the command's workers. */
import { hostname } from 'node:os';
import { configFingerprint, type HuskyConfig } from '../../config';

export function workerIdentity(config: HuskyConfig): string {
  return identityOf(configFingerprint(config));
}

/** As `livePollers` reads it. */
export function identityOf(what: string): string {
  return `husky ${process.pid}@${hostname()} ${what}`;
}
