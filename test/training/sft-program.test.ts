/**
 * The sft back end's own tests, in Python (test/training/sft): what only a GPU shows is faked there. They need its environment:
 * `node trainer/setup.mjs sft`, or a Python with its packages in HUSKY_SFT_PYTHON.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder';

jest.setTimeout(1_800_000);

const own = join(__dirname, '../../trainer/.venv-sft/bin/python');
const python = process.env.HUSKY_SFT_PYTHON ?? (existsSync(own) ? own : undefined);
if (!python)
  process.stderr.write('The sft back end is not tested: node trainer/setup.mjs sft makes its environment.\n');

(python ? test : test.skip).each([
  [
    'test_rows',
    'what is learnt of a row is its completion and one end token, for every tokenizer and template (R01, R02, R03)',
  ],
  [
    'test_fields',
    'rows, messages, encodings and templates that cannot be used are named with file and line (R01, R02)',
  ],
  [
    'test_bases',
    'bases that are not whole, settings of other programs and torn checkpoints are named, and nothing random is trained (R02)',
  ],
  [
    'test_fitting',
    'bases and rows that do not fit each other are named, and no model is trained otherwise than it computes',
  ],
  ['test_kinds', 'errors to which libraries give no type have a kind, and an old Python is told so'],
  ['test_ends', 'a trained expert ends after its completion by itself (R03)'],
  ['test_faults', 'memory that runs out and gradients that are not numbers end neither the run nor its weights'],
])('%s: %s', (name) => {
  const { status, stderr } = spawnSync(python!, ['-W', 'ignore', '-m', 'unittest', name], {
    cwd: join(__dirname, 'sft'),
    env: { ...process.env, PYTHONPATH: join(__dirname, '../../trainer/src'), TMPDIR: temporaryFolder('sft-program') },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringMatching(/\nOK/) as string });
});
