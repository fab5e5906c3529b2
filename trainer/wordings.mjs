/**
 * Writes src/atlas/reading/sentences.json, the sentences of the question generator: `npm run build && node trainer/wordings.mjs`,
 * after a change of src/atlas/families.
 */
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const load = (room) => createRequire(import.meta.url)(join(root, 'dist', `${room}.js`));
const { atlasQuestions } = load('atlas/index');
const { findNames } = load('atlas/reading/names');
const { shapeOf } = load('atlas/reading/trained-wordings');

const shapes = new Set();
for (const [split, count, options] of [
  ['train', 12_000, { invented: false }],
  ['families', 900, {}],
  ['entities', 3000, {}],
  ['test', 1500, {}],
]) {
  const all = atlasQuestions(split, { seed: 3, ...options });
  for (let at = 0; at < count; at += 1) {
    const { question } = all.next().value.trajectory;
    const mentions = findNames(question);
    if (mentions.length > 0) shapes.add(shapeOf(question, mentions));
  }
}
writeFileSync(
  join(root, 'src/atlas/reading/sentences.json'),
  `${JSON.stringify([...shapes].sort(), null, 1)}\n`,
);
console.log(`${shapes.size} wordings`);
