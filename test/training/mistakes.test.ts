/** What a person gets wrong is said at once and clearly, before a server is looked for or a model is asked. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { household, type Household } from '../cli/command';
import { mapTrajectory, writeLines } from './trajectories';

jest.setTimeout(300_000);

let home: Household;
const file = (name: string) => join(home.folder, name);

beforeAll(() => {
  home = household();
  writeLines(file('gold.jsonl'), [mapTrajectory(0)]);
  const good = { index: 0, question: 'Which state is larger?', answer: 'Texas' };
  writeLines(file('unlabelled.jsonl'), [good, { index: 1, question: 'Which state is smaller?' }]);
  writeLines(file('labelled.jsonl'), [good]);
  writeLines(file('twice.jsonl'), [good, { ...good, question: 'Which is smaller?' }]);
  writeLines(file('malformed.jsonl'), [good, { ...good, index: 1 }, '{"index": 2, "question": ']);
  writeLines(file('own-tool.jsonl'), [
    mapTrajectory(0, { steps: [{ tool: 'weather', step: 'Ask the weather.', output: 'It rains.' }] }),
  ]);
  writeLines(file('torn.jsonl'), [mapTrajectory(0), mapTrajectory(1), '{"version": 1']);
});
afterAll(() => home.close());

const synthesize = (dataset: string) => [
  'synthesize',
  '--dataset',
  dataset,
  '--teacher',
  'scripted:gold.jsonl',
  '--out',
  'stage1',
];
const train = (...more: string[]) => ['train', '--data', 'set', '--out', 'experts', '--module', ...more];

const pipelines = new Map<string, string>();

/** @returns the name of a pipeline file, which is written before each test */
function pipelineOf(dataset: string, testSets: string[], evaluated: string): string {
  const name = `pipeline-${pipelines.size}.yaml`;
  const plan = {
    name: 'x',
    out: 'x',
    teacher: { scripted: 'gold.jsonl' },
    synthesize: { dataset },
    extract: { testSets },
    train: { backend: 'tiny', modules: ['action'] },
    evaluate: { dataset: evaluated },
  };
  pipelines.set(name, JSON.stringify(plan));
  return name;
}

test.each([
  [
    'labels that are absent',
    synthesize('unlabelled.jsonl'),
    /unlabelled\.jsonl line \d is not a question: .*it has no label/,
  ],
  [
    'an index that occurs twice',
    synthesize('twice.jsonl'),
    /twice\.jsonl line 2 has index 0, which is that of line 1 too/,
  ],
  ['a dataset whose line 3 is malformed', synthesize('malformed.jsonl'), /malformed\.jsonl line 3 is not JSON/],
  ['a dataset that is not there', synthesize('absent.jsonl'), /There is no file .*absent\.jsonl/],
  [
    'a tool that no module knows',
    ['extract', '--trajectories', 'own-tool.jsonl', '--out', 'x'],
    /uses the tool weather, which no module knows; name it with --tool weather=/,
  ],
  [
    'trajectories whose line 3 is malformed',
    ['extract', '--trajectories', 'malformed.jsonl', '--out', 'x'],
    /malformed\.jsonl line 1 is not a trajectory: version: missing; .*husky import-solutions/,
  ],
  ['a pipeline with a wrong field', ['pipeline', 'pipeline.yaml'], /pipeline\.yaml: .*teacher/],
  [
    'a pipeline whose dataset has no labels',
    ['pipeline', pipelineOf('unlabelled.jsonl', [], 'gold.jsonl')],
    /unlabelled\.jsonl line 2 is not a question: .*it has no label/,
  ],
  [
    'a pipeline that evaluates what is not there',
    ['pipeline', pipelineOf('labelled.jsonl', [], 'absent.jsonl')],
    /There is no file .*absent\.jsonl/,
  ],
  [
    'a pipeline that excludes what is malformed',
    ['pipeline', pipelineOf('labelled.jsonl', ['malformed.jsonl'], 'labelled.jsonl')],
    /malformed\.jsonl line 3 is not JSON/,
  ],
])('%s', async (_what, args, message) => {
  writeFileSync(file('pipeline.yaml'), 'name: x\nout: x\n');
  for (const [name, text] of pipelines) writeFileSync(file(name), text);
  const { code, err, out } = await home.run(args);
  expect(err).toMatch(message);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).not.toContain('Temporal UI');
  expect(existsSync(file('stage1'))).toBe(false);
});

describe('training', () => {
  beforeAll(async () => {
    const { code, err } = await home.run([
      'extract',
      '--trajectories',
      'gold.jsonl',
      '--out',
      'set',
      '--dev-share',
      '0',
    ]);
    if (code !== 0) throw new Error(err);
    writeFileSync(file('set/math/train.jsonl'), '');
    mkdirSync(file('experts'));
  });

  test.each([
    ['an empty training set', train('math', '--base', 'owner/model'), /The training set of math is empty/],
    ['a base model that does not exist', train('code', '--base', './absent'), /There is no base model at \.\/absent/],
    ['no base model', train('code'), /fine-tunes a base model; name one with --base/],
    ['a module that does not exist', train('poetry', '--base', 'owner/model'), /There is no module poetry/],
    [
      'a setting that does not exist',
      train('code', '--base', 'owner/model', '--set', 'epoch=3'),
      /has no setting epoch; it has method, epochs/,
    ],
  ])('%s', async (_what, args, message) => {
    const { code, err } = await home.run(args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  test('examples over the limit are left out and counted, and when none is left it says so', async () => {
    const { code, err } = await home.run([
      'extract',
      '--trajectories',
      'gold.jsonl',
      '--out',
      'short',
      '--max-tokens',
      '20',
      '--json',
    ]);
    expect(err).toContain('No examples for action: 5 too-long.');
    expect(err).toContain('No examples for math: 1 too-long.');
    expect(code).toBe(0);
  });
});
