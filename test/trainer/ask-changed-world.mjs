/**
 * What changed-fact.test.ts looks at, in a process of its own: the bundled experts answer the same questions from the atlas and from
 * an atlas in which one fact says something else. Arguments: the number that is the area of Texas there, then the questions. Prints
 * one JSON object.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openExperts } from '../../trainer/plain-loop.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const load = (room) => createRequire(import.meta.url)(join(root, 'src', room));
const { atlasDocuments, loadFacts } = load('atlas/index');
const { createSqliteEngine } = load('search/index');

const [, , area, ...questions] = process.argv;
const isTexas = ({ entity, attribute }) => entity === 'Texas' && attribute === 'area';
const changed = loadFacts().map((fact) => (isTexas(fact) ? { ...fact, value: Number(area) } : fact));

const answers = {};
for (const [world, facts] of Object.entries({ atlas: loadFacts(), changed })) {
  const engine = createSqliteEngine({ documents: atlasDocuments(facts) });
  const experts = await openExperts(load, { models: join(root, 'models'), engine });
  answers[world] = [];
  for (const question of questions) answers[world].push((await experts.solve(question)).answer);
  await experts.close();
}
console.log(JSON.stringify(answers));
