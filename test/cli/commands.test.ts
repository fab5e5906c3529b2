/** The commands as a person uses them: real processes, a real Temporal server, a model server that plays scripted solutions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocalServer } from '../../src/temporal-server/local-server';
import type { Solution } from '../../src/trajectory/step';
import { counting, spiders } from '../integration/solutions';
import { freePort } from '../free-port';
import { alive, eventually, household, type Household } from './command';
import { startModelServer, type ModelServer } from './model-server';

jest.setTimeout(600_000);

const questions = Array.from({ length: 6 }, (_, i) => counting(2, `Ada${i}`));
let home: Household;
let models: ModelServer;

beforeAll(async () => {
  home = household();
  models = await startModelServer([spiders, counting(3), ...questions]);
  // The scripts' programs are run by the real sandbox.
  writeFileSync(join(home.folder, 'husky.yaml'), models.config({ sandbox: { require: 'isolate' } }));
});
afterAll(async () => {
  await home.close();
  await models.close();
});
beforeEach(() => {
  models.calls.length = 0;
  models.refuse = undefined;
});

/** The local server stays up for the commands of the body, which would each start it again, and find it running instead. */
async function whileServerRuns<T>(body: () => Promise<T>): Promise<T> {
  const server = await openLocalServer({ env: { ...process.env, XDG_DATA_HOME: join(home.folder, 'data') } });
  try {
    return await body();
  } finally {
    await server.stop();
  }
}

const state = () =>
  JSON.parse(readFileSync(join(home.folder, 'data/temporal-husky/server.json'), 'utf8')) as {
    serverPid: number;
    guardianPid: number;
  };

test('solve shows each step, the answer and the page in the Temporal UI; nothing runs on afterwards', async () => {
  const solving = home.start(['solve', spiders.question, '--id', 'spiders']);
  await solving.until(/1\. \[search\]/);
  const { serverPid, guardianPid } = state();
  const { code, out } = await solving.done;
  expect(code).toBe(0);
  expect(out).toMatch(/Temporal UI {2}http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/spiders\n/);
  for (const { tool, step, output } of spiders.steps) {
    expect(out).toContain(`[${tool}] ${step}`);
    expect(out).toContain(`→ ${output}`);
  }
  expect(out).toMatch(/Answer {2}96\n4 steps, \d+ model calls/);
  expect(out).not.toMatch(/\x1b|⠋/);
  expect(alive(serverPid) || alive(guardianPid)).toBe(false);
});

test('what was solved can be listed, shown in four forms and replayed by a later command', async () => {
  expect((await home.run(['list'])).out).toMatch(/^spiders +completed .*A garden holds three spiders/m);
  await whileServerRuns(async () => {
    const shown = await home.run(['show', 'spiders']);
    expect(shown.out).toMatch(/3\. \[math\] Multiply 3 by 8[^]*Answer {2}96/);
    expect((await home.run(['show', 'spiders', '--markdown'])).out).toContain('**Answer** 96');
    expect((await home.run(['show', 'spiders', '--html'])).out).toMatch(
      /^<!doctype html>[^]*<p class="answer">96<\/p>/,
    );
    const solution = JSON.parse((await home.run(['show', 'spiders', '--json'])).out) as Solution;
    expect(solution).toMatchObject({ answer: '96', stopReason: 'finished', workflowId: 'spiders' });
    expect((await home.run(['replay', 'spiders'])).out).toMatch(/spiders: \d+ events replay without a difference/);
    const pipeline = join(__dirname, '../replay/histories/0.1.0/pipeline.json');
    expect((await home.run(['replay', pipeline])).out).toMatch(/pipeline.json: \d+ events replay without a difference/);
    const absent = await home.run(['show', 'nobody']);
    expect(absent).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/no solution nobody .*husky list/) as string,
    });
  });
});

test('--json prints the Solution alone on standard output', async () => {
  const { code, out, err } = await home.run([
    'solve',
    counting(3).question,
    '--json',
    '--max-steps',
    '2',
    '--ephemeral',
  ]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ answer: '2', stopReason: 'max-steps', partial: true });
  expect(err).toMatch(/Answer {2}2 {2}\(best result so far: the steps allowed are used up \(--max-steps\)\)/);
});

test('many questions: a line for each, accuracy where answers are known, and no finished one asked again', async () => {
  const lines = questions.map(({ question }, i) => JSON.stringify({ question, answer: i === 0 ? '7' : '2' }));
  writeFileSync(join(home.folder, 'many.jsonl'), `${lines.join('\n')}\n`);
  const solve = () => home.run(['solve', '--file', 'many.jsonl', '--json', '--id', 'batch', '--in-flight', '3']);
  await whileServerRuns(async () => {
    const { code, out, err } = await solve();
    expect(code).toBe(0);
    const solutions = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { index: number; correct: boolean; prediction: string });
    expect(solutions.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(solutions.filter(({ correct }) => !correct)).toMatchObject([{ index: 0, prediction: '2' }]);
    expect(err).toMatch(/6 of 6 ended: 6 with an answer, 0 failed/);
    expect(err).toMatch(/Accuracy: 5 of 6 right \(83\.3 %, 95 % interval 43\.6 to 97\.0\)/);
    const asked = models.calls.length;
    expect((await solve()).err).toMatch(/6 of 6 ended/);
    expect(models.calls).toHaveLength(asked);
  });
});

test('questions that share workflows: the same answers, none asked again, and each can be shown', async () => {
  const lines = [...questions.slice(0, 4), spiders].map(({ question, answer }) => JSON.stringify({ question, answer }));
  writeFileSync(join(home.folder, 'shared.jsonl'), `${lines.join('\n')}\n`);
  const solve = () =>
    home.run([
      'solve',
      '--file',
      'shared.jsonl',
      '--json',
      '--id',
      'shared',
      '--in-flight',
      '4',
      '--per-workflow',
      '2',
    ]);
  await whileServerRuns(async () => {
    const { code, out, err } = await solve();
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringMatching(/Accuracy: 5 of 5 right/) as string });
    const solutions = out.trim().split('\n');
    expect(solutions.map((line) => (JSON.parse(line) as { index: number }).index).sort()).toEqual([0, 1, 2, 3, 4]);
    const asked = models.calls.length;
    expect((await solve()).err).toMatch(/5 of 5 ended/);
    expect(models.calls).toHaveLength(asked);

    const second = JSON.parse((await home.run(['show', 'shared-2x2', '--question', '2', '--json'])).out) as Solution;
    expect(second).toMatchObject({
      question: questions[3]?.question,
      stopReason: 'finished',
      workflowId: 'shared-2x2',
    });
    expect((await home.run(['show', 'shared-2x2'])).err).toMatch(
      /holds several questions: husky show shared-2x2 --question 1/,
    );
    expect((await home.run(['show', 'shared-2x2', '--question', '3'])).err).toMatch(
      /holds 2 questions; there is no question 3/,
    );
    expect((await home.run(['list'])).out).toMatch(/shared-0x2 +completed .* 2 questions: /);
  });
});

test.each([{ how: [] }, { how: ['--per-workflow', '2'] }])(
  'many questions whose model server refuses them wait and say so: $how',
  async ({ how }) => {
    writeFileSync(join(home.folder, 'refused.txt'), `${questions[0]?.question}\n${questions[1]?.question}\n`);
    const solving = home.start(['solve', '--file', 'refused.txt', '--ephemeral', ...how]);
    models.refuse = 503;
    await solving.until(/: tiny-action at .* answered 503: refused\. .* It is tried again until it succeeds\./);
    models.refuse = undefined;
    const { code, out } = await solving.done;
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/2 of 2 ended: 2 with/) as string });
    expect(out.match(/It is tried again/g)).toHaveLength(1);
  },
);

// get-bb/bb#2783
test('where the reader of many solutions leaves, how to go on is told', async () => {
  writeFileSync(
    join(home.folder, 'left.jsonl'),
    `${questions.map(({ question }) => JSON.stringify({ question })).join('\n')}\n`,
  );
  const solving = home.start(['solve', '--file', 'left.jsonl', '--json', '--id', 'left', '--in-flight', '1']);
  await solving.until(/"index":0/);
  solving.child.stdout?.destroy();
  const { code, err } = await solving.done;
  expect(code).toBe(0);
  expect(err).toMatch(/every finished step is kept\. Go on with: the same command with --id left\n/);
});

// promptfoo/promptfoo#335, robocurve/inspect-robots#73
test('an evaluation without a single answer ends with 1 and says why; wrong answers are a result', async () => {
  writeFileSync(
    join(home.folder, 'sums.jsonl'),
    '{"question":"2 + 3","answer":"5"}\n{"question":"2 + 4","answer":"6"}\n',
  );
  const evaluate = (command: string, out: string) =>
    home.run([
      'eval',
      '--task',
      'sums.jsonl',
      '--metric',
      'number',
      '--system',
      'command',
      '--command',
      command,
      '--out',
      out,
    ]);
  const failed = await evaluate('exit 3', 'run-failed');
  expect(failed.code).toBe(1);
  expect(failed.err).toMatch(/2 of 2 answered, 0 right .*, 2 failed/);
  expect(failed.err).toMatch(/failed: 2 SystemFailed, such as sums:\d:0: The command ended with status 3/);
  expect((await evaluate('echo 7', 'run-wrong')).code).toBe(0);
});

test('Ctrl-C leaves a solution and says how to come back; watch carries it on without repeating a finished call', async () => {
  const release = models.hold('math');
  const solving = home.start(['solve', spiders.question, '--id', 'left']);
  await solving.until(/2\. \[commonsense\]/);
  await models.held();
  solving.child.kill('SIGINT');
  release();
  const { code, err } = await solving.done;
  expect(code).toBe(130);
  expect(err).toMatch(/every finished step is kept.*Go on with: husky watch left/);
  const { code: watched, out } = await home.run(['watch', 'left']);
  expect(watched).toBe(0);
  expect(out).toMatch(/1\. \[search\][^]*Answer {2}96/);
  expect(models.calls.filter((expert) => expert === 'query')).toHaveLength(1);
  expect(models.calls.filter((expert) => expert === 'action')).toHaveLength(5);
});

test('kill -9 in mid-solution leaves no process behind and loses no finished step; show does not keep watch from going on', async () => {
  const release = models.hold('code');
  const solving = home.start(['solve', spiders.question, '--id', 'killed']);
  await solving.until(/3\. \[math\]/);
  await models.held();
  const { serverPid, guardianPid } = state();
  solving.child.kill('SIGKILL');
  release();
  await solving.done;
  await eventually(() => !alive(serverPid) && !alive(guardianPid));
  await whileServerRuns(async () => {
    expect((await home.run(['show', 'killed'])).out).toMatch(/3\. \[math\][^]*still running/);
    expect((await home.run(['watch', 'killed'])).out).toMatch(/Answer {2}96/);
  });
  expect(models.calls.filter((expert) => expert === 'math')).toHaveLength(1);
});

test('dev says which calls fail, once, and goes on', async () => {
  const dev = home.start(['dev']);
  await dev.until(/Ready\./);
  models.refuse = 503;
  const asking = home.start(['solve', spiders.question, '--id', 'told']);
  await dev.until(/! choosing the next step: tiny-action at .* answered 503: refused\. .* It is tried again\./);
  await asking.until(/It is tried again until it succeeds/);
  const shown = await home.run(['show', 'told']);
  expect(shown.out).toMatch(
    /still running\n +! choosing the next step: .* answered 503.* tried again until it succeeds/,
  );
  models.refuse = undefined;
  expect(await asking.done).toMatchObject({ code: 0 });
  dev.child.kill('SIGINT');
  const { err } = await dev.done;
  expect(err.match(/It is tried again/g)).toHaveLength(1);
});

test('dev stays up, serves solve and ends in good order', async () => {
  const dev = home.start(['dev', '--json']);
  await dev.until(/Ready\./);
  const { serverPid } = state();
  const { code, out } = await home.run(['solve', spiders.question, '--id', 'served']);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/Answer {2}96/) as string });
  expect(alive(serverPid)).toBe(true);
  expect(JSON.parse((await home.run(['show', 'served', '--json'])).out)).toMatchObject({ answer: '96' });
  dev.child.kill('SIGTERM');
  const ended = await dev.done;
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.out)).toMatchObject({ namespace: 'default', queues: ['husky'] });
  expect(alive(serverPid)).toBe(false);
});

test('a worker with --serve polls when its model server is healthy, and ends when that dies', async () => {
  const pidFile = join(home.folder, 'model-server.pid');
  const script = join(home.folder, 'serve.cjs');
  const port = await freePort();
  writeFileSync(
    script,
    `const server = require('http').createServer((_, response) => response.writeHead(server.ready ? 200 : 503).end());
     server.listen(${port}, '127.0.0.1', () => {
       require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
       setTimeout(() => (server.ready = true), 1000);
     });`,
  );
  const worker = home.start([
    'worker',
    '--roles',
    'workflow,tool',
    '--serve',
    `"${process.execPath}" "${script}"`,
    '--serve-health',
    `http://127.0.0.1:${port}/`,
  ]);
  await worker.until(/Starting the model server[^]*The model server is ready\.[^]*Ready\./);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  process.kill(pid, 'SIGKILL');
  const { code, err } = await worker.done;
  expect(code).toBe(3);
  expect(err).toMatch(/The model server ended \(signal SIGKILL|The model server ended \(exit code 137/);
});

test('an unreachable or refusing model server is told before anything is started', async () => {
  models.refuse = 401;
  const refused = await home.run(['solve', spiders.question]);
  expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(/refuses the key \(401\)/) as string });
});
