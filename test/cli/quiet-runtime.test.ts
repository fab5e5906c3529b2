import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const program = [join(__dirname, '../../benchmarks/node-ts.cjs'), join(__dirname, 'talkative-worker.ts')];
const run = (env: NodeJS.ProcessEnv) =>
  promisify(execFile)(process.execPath, program, { maxBuffer: 1 << 26, env: { ...process.env, ...env } });

test('what the native side of the SDK says goes to standard error; standard output is left to the result', async () => {
  const { stdout, stderr } = await run({ HUSKY_LOG: 'debug' });
  expect(stderr).toMatch(/\[DEBUG\].*(Processing|sdk|core|workflow)/i);
  expect(stdout).toBe('');
});

test('HUSKY_LOG_FORMAT=json makes an object of each line', async () => {
  const { stderr } = await run({ HUSKY_LOG: 'info', HUSKY_LOG_FORMAT: 'json' });
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toContainEqual(
    expect.objectContaining({ time: expect.stringMatching(/^\d{4}-.*Z$/), level: 'INFO', message: expect.any(String) }),
  );
});

test('a level that does not exist is refused with those that do', async () => {
  await expect(run({ HUSKY_LOG: 'loud' })).rejects.toThrow('HUSKY_LOG is loud; it can be debug, info, warn, error.');
});
