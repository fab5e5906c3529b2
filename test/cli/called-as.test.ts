/** Messages and help name the command so that a user can copy it. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { asCalled, calledAs } from '../../src/cli/names/called-as';
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
  for (const text of [
    'queue husky-tool',
    'husky needs Node 24',
    'a husky showed',
    'temporal-husky init',
    'npx husky list',
  ])
    expect(asCalled(text, name)).toBe(text);
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
