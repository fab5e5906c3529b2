/** The identity of the command's workers. */
import { configFingerprint, type HuskyConfig } from '../../config';
import { processSpace } from '../../process/alive';

export function workerIdentity(config: HuskyConfig): string {
  return identityOf(configFingerprint(config));
}

/** As `livePollers` reads it. */
export function identityOf(what: string): string {
  return `husky ${process.pid}@${processSpace()} ${what}`;
}
