/** `husky init`: the file that it writes changes nothing as it stands, and each of its settings can be switched on. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundledConfig, loadConfig } from '../../src/config';
import { household, type Household } from './command';

jest.setTimeout(120_000);

let home: Household;
beforeAll(() => (home = household()));
afterAll(() => home.close());

test('it writes a file that stands for the bundled experts, names its schema and is never overwritten', async () => {
  expect(await home.run(['init'])).toMatchObject({ code: 0, out: '' });
  const path = join(home.folder, 'husky.yaml');
  const text = readFileSync(path, 'utf8');
  expect(loadConfig({ path, env: {} })).toEqual(bundledConfig());
  const schema = /^# yaml-language-server: \$schema=(.*)$/m.exec(text)?.[1] ?? '';
  expect(existsSync(join(dirname(path), schema))).toBe(true);

  writeFileSync(path, 'limits: { maxSteps: 3 }\n');
  const again = await home.run(['init']);
  expect(again).toMatchObject({ code: 2, err: expect.stringMatching(/husky\.yaml is there already/) as string });
  expect(readFileSync(path, 'utf8')).toBe('limits: { maxSteps: 3 }\n');
});

test('with all of its settings switched on it is a configuration', async () => {
  await home.run(['init', 'all.yaml']);
  const path = join(home.folder, 'all.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^#(?=\w| {2,})/gm, ''));
  expect(loadConfig({ path, env: {} })).toMatchObject({
    models: { code: { apiKeyEnv: 'CODER_KEY' } },
    search: { engine: 'serper' },
    tools: [{ name: 'weather' }],
    queues: { prefix: 'team-a' },
  });
});
