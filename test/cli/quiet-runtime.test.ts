import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

test('what the native side of the SDK says goes to standard error; standard output is left to the result', async () => {
  const program = [join(__dirname, '../../benchmarks/node-ts.cjs'), join(__dirname, 'talkative-worker.ts')];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, program, { maxBuffer: 1 << 26 });
  expect(stderr).toMatch(/\[DEBUG\].*(Processing|sdk|core|workflow)/i);
  expect(stdout).toBe('');
});
