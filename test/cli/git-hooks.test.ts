/** The git hook manager `husky` beside our package, in a project of a user. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { household, type Household } from './command';

jest.setTimeout(60_000);

let home: Household;
beforeAll(() => {
  home = household();
});
afterAll(() => home.close());

const project = () => join(home.folder, 'node_modules/husky');
function installHookManager(): void {
  mkdirSync(project(), { recursive: true });
  writeFileSync(join(project(), 'package.json'), JSON.stringify({ name: 'husky', type: 'module', bin: 'bin.js' }));
  writeFileSync(
    join(project(), 'bin.js'),
    'console.log("hooks", ...process.argv.slice(2)); process.exit(process.argv[2] === "add" ? 1 : 0);',
  );
}

describe('with the hook manager in the project', () => {
  beforeAll(installHookManager);
  afterAll(() => rmSync(project(), { recursive: true }));

  test.each([[[]], [['install']], [['install', '.config/husky']], [['.config/husky']], [['.husky/']]])(
    'its calls reach it, with their words: %j',
    async (words) => {
      expect(await home.run(words)).toMatchObject({ code: 0, out: `${['hooks', ...words].join(' ')}\n`, err: '' });
    },
  );

  test('its exit code is handed on', async () => {
    expect(await home.run(['add', '.husky/pre-commit'])).toMatchObject({ code: 1 });
  });

  test('init, which both have, does neither, and names both', async () => {
    const { code, err } = await home.run(['init']);
    expect(code).toBe(2);
    expect(err).toContain('temporal-husky init writes husky.yaml');
    expect(err).toContain(join(project(), 'bin.js'));
    expect(() => readFileSync(join(home.folder, 'husky.yaml'))).toThrow('ENOENT');
  });

  test.each([[['--version']], [['score', '--help']], [['slove', 'a question']]])(
    'our calls stay ours, and so does a mistyped one: %j',
    async (words) => {
      const { out, err } = await home.run(words);
      expect(out + err).not.toContain('hooks');
      expect(out + err).not.toBe('');
    },
  );
});

test('without it nothing is handed over', async () => {
  expect(await home.run(['init'])).toMatchObject({ code: 0 });
  expect((await home.run([])).err).toContain('Usage: husky');
});
