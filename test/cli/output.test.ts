/** What a command does when nobody takes its output. `/dev/full` is Linux's disk without space. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { COMMAND } from './command';

const onLinux = existsSync('/dev/full') ? test : test.skip;

function run(args: string[], full: 'out' | 'err') {
  const disk = openSync('/dev/full', 'w');
  const stdio = full === 'out' ? ['ignore', disk, 'pipe'] : ['ignore', 'pipe', disk];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...COMMAND, ...args], {
    stdio: stdio as ('ignore' | 'pipe' | number)[],
    encoding: 'utf8',
  });
  closeSync(disk);
  return { status, out: stdout, err: stderr };
}

onLinux.each([[['--help']], [['prompts', 'list']], [['atlas-qa', '--help']]])(
  'output that has no room ends %j with one sentence and an exit code',
  (args) => {
    const { status, err } = run(args, 'out');
    expect(status).toBe(3);
    expect(err).toMatch(/^husky: The output could not be written \(no space is left where it goes\)\. [^\n]*\n$/);
  },
);

onLinux('messages that have no room do not end the work', () => {
  const { status, out } = run(['prompts', 'list'], 'err');
  expect(status).toBe(0);
  expect(out).toMatch(/^action +[0-9a-f]{60,}/);
});

onLinux('a mistake keeps its exit code where it cannot be told', () => {
  expect(run(['list', '--status', 'asleep'], 'err').status).toBe(2);
});
