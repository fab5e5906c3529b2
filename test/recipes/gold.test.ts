import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { atlasQuestions } from '../../src/atlas';
import { node } from './kit';

const root = join(__dirname, '../..');
/** The recipes are modules, which this suite's own loader does not read. */
const gold = (trajectories: object[]) => {
  const program = `import { goldTrajectories } from '${join(root, 'recipes/gold.mjs')}';
    let text = ''; for await (const part of process.stdin) text += part;
    console.log(JSON.stringify(goldTrajectories(JSON.parse(text))));`;
  const { stdout } = spawnSync(node, ['--input-type=module', '-e', program], {
    input: JSON.stringify(trajectories),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as {
    id: string;
    gold: string;
    steps: { tool: string; step: string; code?: string; observation?: string }[];
  }[];
};

const hasPython = spawnSync('python3', ['--version']).status === 0;
(hasPython ? test : test.skip)(
  'programs of gold trajectories are Python that prints the same, and the last one is for the whole question',
  () => {
    const questions = atlasQuestions('train', { seed: 6, invented: false });
    const taken = Array.from({ length: 400 }, () => questions.next().value!.trajectory);
    const made = gold(taken);
    expect(made.length).toBeGreaterThan(390);
    const programs = made.flatMap(({ steps }) => steps.filter(({ tool }) => tool === 'code'));
    expect(programs.length).toBeGreaterThan(100);
    const all = programs.map(({ code }) => code).join('\n');
    const { stdout } = spawnSync('python3', ['-c', all], { encoding: 'utf8' });
    const printed = stdout.trim().split('\n');
    expect(printed).toHaveLength(programs.length);
    // Python rounds halves to the even neighbour.
    const others = programs.filter(({ observation }, at) => printed[at] !== observation!.replaceAll(',', ''));
    expect(others.length).toBeLessThan(5);
    const last = made.map(({ steps }) => steps.at(-1)!).filter(({ tool }) => tool === 'code');
    expect(new Set(last.map(({ step }) => step))).toEqual(new Set(['Solve the question.']));
  },
);

test('a program of another form leaves its trajectory out', () => {
  const steps = [
    { tool: 'code', step: 'Compute.', code: 'console.log(process.exit(1))', observation: '1', output: '1' },
  ];
  expect(gold([{ id: 'a', gold: '1', steps }])).toEqual([]);
});
