/**
 * Before all tests: the Temporal CLI of this machine is found once and handed to every test by TEMPORAL_CLI_PATH. A test with a home or
 * data folder of its own would not find it, and would build it again, for minutes.
 */
import { findTemporalCli } from '../src/temporal-server/find-cli';

export default function handOverTemporalCli(): void {
  const found = findTemporalCli();
  if (found) process.env.TEMPORAL_CLI_PATH = found;
  else console.warn('There is no Temporal CLI on this machine yet. `npm test` builds it once; npx jest then finds it.');
}
