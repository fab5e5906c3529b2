import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchWheels } from '../../src/sandbox/pinned-wheels';
import { temporaryFolder } from '../temporary-folder';

const wheel = { name: 'mpmath', version: '1.3.0', file: 'mpmath-1.3.0-py3-none-any.whl', sha256: 'ab'.repeat(32) };

test('without a package index the message gives the reason, not every try, and the folder to bring', async () => {
  const pip = join(temporaryFolder('pip'), 'pip');
  const tries = 'WARNING: Retrying (Retry(total=0))\nERROR: No matching distribution found for mpmath==1.3.0';
  writeFileSync(pip, `#!/bin/sh\necho '${tries}' >&2\nexit 1\n`);
  chmodSync(pip, 0o755);
  await expect(fetchWheels([wheel], temporaryFolder('python'), [pip])).rejects.toThrow(
    /^pip could not fetch mpmath: ERROR: No matching distribution found for mpmath==1\.3\.0\. If this machine reaches no package index, copy \S+ from one that has run a Python program\./,
  );
});
