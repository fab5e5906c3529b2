/** `husky replay` of a history that begins in a workflow of the user's. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { household, type Household } from './command';

jest.setTimeout(180_000);

const MINE = join(__dirname, '../replay/answer-mine.ts');
let home: Household;
beforeAll(() => {
  home = household();
  const stored = readFileSync(join(__dirname, '../replay/histories/0.1.0/finished-advance.json'), 'utf8');
  writeFileSync(join(home.folder, 'mine.json'), stored.replaceAll('"huskySolve"', '"answerMine"'));
  writeFileSync(join(home.folder, 'broken.ts'), "import './absent';\n");
});
afterAll(() => home.close());

test('it replays with the workflows module of the worker, and without it says what is missing (T11)', async () => {
  expect(await home.run(['replay', 'mine.json'])).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(
      /begins in the workflow answerMine, which Husky does not export.*--workflows FILE/,
    ) as string,
  });
  expect(await home.run(['replay', 'mine.json', '--workflows', MINE])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/mine\.json: \d+ events replay without a difference/) as string,
  });
  expect(await home.run(['replay', 'mine.json', '--workflows', 'broken.ts'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(
      /broken\.ts cannot be bundled as workflow code: .*\.\/broken\.ts.*Can't resolve '\.\/absent'/,
    ) as string,
  });
  expect(await home.run(['replay', 'mine.json', '--workflows', 'absent.ts'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/there is no file absent\.ts/) as string,
  });
});
