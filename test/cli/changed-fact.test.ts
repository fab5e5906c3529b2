/** Numbers come from the search results, not from the experts' weights: another fact in the index, another answer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Solution } from '../../src/trajectory/step';
import { household, type Household } from './command';

jest.setTimeout(300_000);

const QUESTION =
  'If a map is drawn so that 1 square inch represents 100 square miles, how many square inches bigger is Texas than Washington, to the nearest integer?';
const models = join(__dirname, '../../models');
let home: Household;
beforeAll(() => {
  home = household();
});
afterAll(() => home.close());

/** What the bundled experts answer when the index holds these two areas. */
async function answerWith(texas: string, washington: string): Promise<Solution> {
  const facts = [
    { title: 'Texas', text: `Texas (US state): area ${texas} square miles.` },
    { title: 'Washington', text: `Washington (US state): area ${washington} square miles.` },
  ];
  const name = `facts-${texas}`;
  writeFileSync(join(home.folder, `${name}.jsonl`), facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
  expect((await home.run(['index', `${name}.jsonl`, '--out', `${name}.db`])).code).toBe(0);
  const manifest = JSON.parse(readFileSync(join(models, 'manifest.json'), 'utf8')) as {
    style: string;
    models: Record<string, string>;
  };
  const config = {
    prompts: manifest.style,
    models: Object.fromEntries(
      Object.entries(manifest.models).map(([expert, file]) => [expert, { provider: 'gguf', path: join(models, file) }]),
    ),
    search: { engine: 'sqlite', index: join(home.folder, `${name}.db`) },
    sandbox: { require: 'isolate' },
  };
  writeFileSync(join(home.folder, `${name}.json`), JSON.stringify(config));
  const { code, out, err } = await home.run(['solve', '--config', `${name}.json`, '--json', QUESTION]);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Solution;
}

test('the bundled experts answer the map question from the facts of the index', async () => {
  const known = await answerWith('268,596', '71,298');
  expect(known.steps.map(({ tool }) => tool)).toEqual(['search', 'search', 'code']);
  expect(known.answer).toBe('1973');
  const changed = await answerWith('468,596', '71,298');
  expect(changed.steps.map(({ tool }) => tool)).toEqual(['search', 'search', 'code']);
  expect(changed.answer).toBe('3973');
});
