/**
 * Before all tests: the Temporal CLI of this machine is found once and handed to every test by TEMPORAL_CLI_PATH. A test with a home or
 * data folder of its own would not find it, and would build it again, for minutes.
 * Commands, workers and the scorer's thread run from dist, so a build that is older than the sources is named.
 */
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findTemporalCli } from '../src/temporal-server/find-cli';

export default function prepare(): void {
  // grpc-js would print lines about servers that tests refuse on purpose.
  process.env.GRPC_VERBOSITY ??= 'NONE';
  nameOldBuild();
  const found = findTemporalCli();
  if (found) process.env.TEMPORAL_CLI_PATH = found;
  else console.warn('There is no Temporal CLI on this machine yet. `npm test` builds it once; npx jest then finds it.');
}

function nameOldBuild(): void {
  const root = join(__dirname, '..');
  const changed = (file: string) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const built = changed('dist/index.js');
  const newer = globSync('src/**/*.{ts,cjs,mjs,py,yaml}', { cwd: root }).filter((file) => changed(file) > built);
  if (newer.length > 0)
    console.warn(
      `dist is ${built === 0 ? 'not built' : `older than ${newer.length} files of src (${newer[0]})`}. Tests that use it (commands, workers, scores) would test the old code: npm run build`,
    );
}
