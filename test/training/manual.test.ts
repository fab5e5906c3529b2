/** Follows section 8 of docs/training.md to the letter; this test plays the teacher, and gives addresses. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import { createScriptedTeacher } from '../../src/training/scripted-teacher';
import type { Solution } from '../../src/trajectory/step';
import { household, type Household } from '../cli/command';

jest.setTimeout(900_000);

const ROOT = join(__dirname, '../..');
const own = join(ROOT, 'trainer/.venv/bin/python');
const python = process.env.HUSKY_TRAINER_PYTHON ?? (existsSync(own) ? own : undefined);
if (!python)
  process.stderr.write('docs/training.md is not followed: node trainer/setup.mjs makes the Python of the trainer.\n');

const [, section = ''] = readFileSync(join(ROOT, 'docs/training.md'), 'utf8').split('## 8 ');
const blocks = [...section.matchAll(/```(\w+)(?: (\S+))?\n([\s\S]*?)```/g)].map(([, kind, name, text = '']) => ({
  kind,
  name,
  text,
}));

interface Row {
  index: number;
  question: string;
  answer: string;
}

(python ? describe : describe.skip)('docs/training.md, section 8', () => {
  let home: Household;
  let temporal: Awaited<ReturnType<typeof startTemporalServer>>;
  let teacher: Server;
  let tool: ChildProcess;
  const written = (name: string) => blocks.find((block) => block.name === name)?.text ?? '';

  beforeAll(async () => {
    home = household();
    temporal = await startTemporalServer({ ephemeral: true, ui: false });
    const rows = written('questions.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    teacher = await playTeacher(rows);
    const { port } = teacher.address() as AddressInfo;
    for (const { name, text } of blocks)
      if (name) writeFileSync(join(home.folder, name), text.replace('127.0.0.1:8000', `127.0.0.1:${port}`));
    symlinkSync(join(ROOT, 'node_modules'), join(home.folder, 'node_modules'));
    tool = spawn(process.execPath, ['weather.mjs'], {
      cwd: home.folder,
      env: { ...process.env, TEMPORAL_ADDRESS: temporal.address },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
  });
  afterAll(async () => {
    tool.kill('SIGKILL');
    await home.close();
    teacher.closeAllConnections();
    teacher.close();
    await temporal.stop();
  });

  test('every command does what it says, and the expert uses the tool', async () => {
    const commands = blocks.find(({ kind }) => kind === 'sh')?.text ?? '';
    let last = '';
    for (const line of commands.trim().split('\n')) {
      const args = [...line.matchAll(/(\S*)"([^"]*)"|\S+/g)].map(([word, lead, text]) =>
        text === undefined ? word : `${lead}${text}`,
      );
      const { code, out, err } = await home.run(args.slice(1), {
        env: { TEMPORAL_ADDRESS: temporal.address, HUSKY_TRAINER_PYTHON: python },
      });
      if (code !== 0) throw new Error(`${line}\n${err}`);
      last = out;
    }
    const kept = readFileSync(join(home.folder, 'runs/stage1/trajectories.jsonl'), 'utf8');
    expect(kept.match(/"accepted":true/g)).toHaveLength(8);
    expect(kept).toContain('Oslo, Monday: 18 degrees');
    const solution = JSON.parse(last) as Solution;
    expect(solution.steps[0]).toMatchObject({ tool: 'weather' });
  });
});

/** A completions endpoint that knows how the questions are solved. */
async function playTeacher(rows: readonly Row[]): Promise<Server> {
  const scriptedTeacher = createScriptedTeacher(
    rows.map(({ question, answer }) => {
      const [, place = '', day = ''] = /in (\w+) on (\w+)/.exec(question) ?? [];
      const step = `Ask for the weather of ${place} on ${day}.`;
      const output = `In ${place} it is ${answer} degrees on ${day}.`;
      return { question, answer, finish: `The answer is ${answer}.`, steps: [{ tool: 'weather', step, output }] };
    }),
  )('teacher');
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { prompt } = JSON.parse(body || '{}') as { prompt?: string };
      const text = prompt ? (await scriptedTeacher.generate({ prompt, maxTokens: 100, temperature: 0 })).text : '';
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          id: '1',
          object: 'text_completion',
          model: 'teacher',
          data: [{ id: 'teacher' }],
          choices: [{ index: 0, text, finish_reason: 'stop' }],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
