import type { ActivityContext } from '../../src/runtime/activity-context';
import { executeCode } from '../../src/activities/solve/execute-code';
import type { RunResult, Sandbox } from '../../src/sandbox/sandbox';

const ran: RunResult = { ok: true, stdout: '7', stderr: '', durationMs: 1, truncated: false };
const crashed: RunResult = { ...ran, ok: false, stdout: '', limit: 'crash' };

/** Runs one program in a sandbox that gives these results, one after the other. */
async function execute(...results: RunResult[]) {
  const sandbox = { run: async () => results.shift() ?? crashed } as unknown as Sandbox;
  const context = { config: { sandbox: {} }, sandbox: async () => sandbox } as unknown as ActivityContext;
  const input = { code: 'console.log(7)', language: 'javascript', outputStyle: 'default' } as const;
  const result = await executeCode(context, input, new AbortController().signal);
  return { result, left: results.length };
}

test('a program whose process was killed from outside is run once more', async () => {
  expect(await execute(crashed, ran)).toMatchObject({ result: { text: '7' }, left: 0 });
});

test('a program that crashes two processes has failed', async () => {
  const { result, left } = await execute(crashed, crashed, ran);
  expect(result.error).toMatch(/crashed/);
  expect(left).toBe(1);
});

test('a program that fails by itself is run once', async () => {
  const threw: RunResult = { ...ran, ok: false, error: { name: 'Error', message: 'no' } };
  expect((await execute(threw, ran)).left).toBe(1);
});
