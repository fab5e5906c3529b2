/** Messages and help name the command so that a user can copy it. */
import { globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { asCalled, calledAs } from '../../src/cli/names/called-as';
import { COMMANDS } from '../../src/cli/names/command-files';
import { COMMAND, household, type Household } from './command';

jest.setTimeout(60_000);

test.each([
  ['/usr/local/bin/husky', {}, 'husky'],
  ['/project/node_modules/.bin/temporal-husky', {}, 'npx temporal-husky'],
  ['/home/me/.npm/_npx/0f/node_modules/.bin/husky', {}, 'npx husky'],
  ['/project/node_modules/.bin/jest', {}, 'husky'],
  ['/clone/dist/cli/main.js', { npm_lifecycle_event: 'start' }, 'npx husky'],
  ['/clone/dist/cli/main.js', { npm_lifecycle_event: 'test' }, 'husky'],
])('the command by %s with %j is %s', (file, env, name) => {
  expect(calledAs(['node', file], env)).toBe(name);
});

test('only command lines are named anew', () => {
  const name = 'npx temporal-husky';
  expect(asCalled('start husky worker, then `husky show ID`', name)).toBe(
    'start npx temporal-husky worker, then `npx temporal-husky show ID`',
  );
  expect(asCalled('(npx temporal-husky doctor), npx temporal-husky show ID', 'husky')).toBe(
    '(husky doctor), husky show ID',
  );
  for (const text of [
    'queue husky-tool',
    'husky needs Node 24',
    'a husky showed',
    'temporal-husky init',
    'npx husky list',
  ])
    expect(asCalled(text, name)).toBe(text);
});

/** Who has the package as a dependency has no command husky; asCalled names it as the user of the command has called it. */
test('texts outside the command name one that a user of the library can run', () => {
  const command = new RegExp(String.raw`(?<![\w./-])husky (?=(?:${Object.keys(COMMANDS).join('|')})\b(?!-))`);
  const source = join(__dirname, '../../src');
  const wrong = globSync('**/*.ts', { cwd: source, exclude: ['cli/**', 'page/**'] }).flatMap((file) =>
    readFileSync(join(source, file), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(?:\/?\*|\/\/)/.test(line) && command.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  // A comment in a file that is written for the command alone.
  expect(wrong).toEqual([expect.stringMatching(/^training\/write-serving\.ts: `# Written by husky experts\./)]);
});

describe('called by npx', () => {
  let home: Household;
  let bin: string;
  beforeAll(() => {
    home = household();
    const folder = join(home.folder, 'node_modules/.bin');
    mkdirSync(folder, { recursive: true });
    bin = join(folder, 'temporal-husky');
    symlinkSync(COMMAND.at(-1)!, bin);
  });
  afterAll(() => home.close());

  test('help, errors and notes name a command that the shell finds', async () => {
    const { out: help } = await home.run(['solve', '--help'], { program: bin });
    expect(help).toContain('Usage: npx temporal-husky solve');
    expect(help).toContain('  npx temporal-husky solve --file');
    const { err: note } = await home.run(['init'], { program: bin });
    expect(note).toContain('then run npx temporal-husky doctor.');
    const { err: refusal } = await home.run(['init'], { program: bin });
    expect(refusal).toContain('name another: npx temporal-husky init FILE.');
  });
});
