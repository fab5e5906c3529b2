import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPipelineFile } from '../../src/training/pipeline-file';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder('training');
const file = join(folder, 'pipeline.yaml');

function read({ extract = '', train = '' }) {
  writeFileSync(
    file,
    `
name: rounds
out: out
rounds: 3
teacher: { config: teacher.yaml }
synthesize: { dataset: train.jsonl }
extract: { also: [also.jsonl], ${extract} }
train: { backend: tiny, ${train} }
evaluate: { dataset: dev.jsonl, metric: answer }
`,
  );
  return readPipelineFile(file);
}

test('paths are those beside the file, in later rounds, too', () => {
  const { extract } = read({ extract: 'alsoFromRound: { 2: [later.jsonl], 3: [/far/last.jsonl] }' });
  expect(extract).toMatchObject({
    also: [join(folder, 'also.jsonl')],
    alsoFromRound: { 2: [join(folder, 'later.jsonl')], 3: ['/far/last.jsonl'] },
  });
});

test("the tools that extraction knows are the teacher's, unless the file names another configuration", () => {
  expect(read({}).extract.config).toBe(join(folder, 'teacher.yaml'));
  expect(read({ extract: 'config: tools.yaml' }).extract.config).toBe(join(folder, 'tools.yaml'));
});

test('a file without later rounds has none', () => {
  const { extract, train } = read({});
  expect(Object.keys({ ...extract, ...train })).not.toEqual(expect.arrayContaining(['alsoFromRound']));
  expect(train).not.toHaveProperty('settingsFromRound');
});

test.each([
  [
    'trajectories for a round that never comes',
    { extract: 'alsoFromRound: { 4: [later.jsonl] }' },
    /extract\.alsoFromRound names round 4, and the last one is 3; give rounds: 4 or more/,
  ],
  [
    'settings for a round that never comes',
    { train: 'settingsFromRound: { 9: { seed: 2 } }' },
    /train\.settingsFromRound names round 9, and the last one is 3/,
  ],
  [
    'settings that the trainer does not have',
    { train: 'settingsFromRound: { 2: { lernrate: 2 } }' },
    /Back end tiny has no setting lernrate; it has vocabulary, /,
  ],
  [
    'what is not the number of a round',
    { extract: 'alsoFromRound: { first: [later.jsonl] }' },
    /pipeline\.yaml: extract\.alsoFromRound\.first: .*/,
  ],
])('%s: refused', (_what, fields, message) => {
  expect(() => read(fields)).toThrow(message);
});
