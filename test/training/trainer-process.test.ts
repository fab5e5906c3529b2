/** How a trainer ends that could not say why, played by programs in the place of Python. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTrainer } from '../../src/training/trainer-process';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder('trainer-process');

function failing(script: string): Promise<unknown> {
  const python = join(folder, `python-${script.length}`);
  writeFileSync(python, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return failingAt(python);
}

const failingAt = (python: string) =>
  runTrainer(
    { python, program: 'trainer', jobFile: 'job.json', path: [] },
    () => undefined,
    new AbortController().signal,
  ).catch((error: unknown) => error);

test.each([
  ['KILL', /killed by SIGKILL, as the system does when memory runs out/],
  ['BUS', /killed by SIGBUS, .*shared memory.*--shm-size/],
  ['ILL', /killed by SIGILL, .*instructions that this processor/],
  ['SEGV', /killed by SIGSEGV\. Last lines: loading\./],
])('a trainer that is killed by %s (R02)', async (signal, message) => {
  expect(await failing(`echo loading >&2; kill -${signal} $$`)).toMatchObject({
    type: 'TrainingFailed',
    message: expect.stringMatching(message) as string,
  });
});

test.each([
  "ModuleNotFoundError: No module named 'tokenizers'",
  'SyntaxError: future feature annotations is not defined',
  "TypeError: 'type' object is not subscriptable",
])('a Python that cannot run it is a mistake of the configuration: %s (R02)', async (line) => {
  expect(await failing(`echo "${line}" >&2; exit 1`)).toMatchObject({
    type: 'ConfigurationInvalid',
    nonRetryable: true,
    message: expect.stringMatching(/cannot run the trainer \(.*\)\. It needs Python 3\.11 or later/) as string,
  });
});

test('a folder in the place of a Python is told from one that is missing (R02)', async () => {
  mkdirSync(join(folder, 'venv'), { recursive: true });
  expect(await failingAt(join(folder, 'venv'))).toMatchObject({
    type: 'ConfigurationInvalid',
    message: expect.stringMatching(/venv is no program that can be run; name the Python itself/) as string,
  });
  expect(await failingAt(join(folder, 'absent'))).toMatchObject({
    message: expect.stringMatching(/There is no Python at .*absent/) as string,
  });
});
