/**
 * Everything worth keeping in one folder of at most 60 MB: tables, records of every stage, adapters as GGUF, the first seed's first.
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { sandboxOf } from './evaluations.mjs';

const MOST_BYTES = 58_000_000;
const TAIL = 4000;

export function gather(place) {
  mkdirSync(place.out, { recursive: true });
  const kept = ['stages', 'runs'].filter((name) => existsSync(join(place.work, name)));
  for (const name of kept) cpSync(join(place.work, name), join(place.out, name), { recursive: true });
  for (const name of ['real.yaml', 'teacher.yaml'])
    if (existsSync(join(place.work, name))) copyFileSync(join(place.work, name), join(place.out, name));
  mkdirSync(join(place.out, 'logs'), { recursive: true });
  for (const name of existsSync(join(place.work, 'logs')) ? readdirSync(join(place.work, 'logs')) : [])
    if (name.endsWith('.log'))
      writeFileSync(join(place.out, 'logs', name), readFileSync(join(place.work, 'logs', name), 'utf8').slice(-TAIL));
  const records = [
    ...found(place.work, 'result.json'),
    ...found(place.work, 'manifest.json').filter((path) => path.includes('training-set')),
  ].filter((path) => !path.startsWith(place.out));
  for (const path of records) put(place, path);
  let size = bytes(place.out);
  const left = [];
  // The second seed's adapters can be made again from the first's data.
  const adapters = found(place.work, 'adapter.gguf').filter((path) => !path.startsWith(place.out));
  for (const path of adapters.sort((a, b) => order(a) - order(b))) {
    const { size: own } = statSync(path);
    const target = join(place.out, 'adapters', relative(place.work, path));
    rmSync(target, { force: true });
    if (size + own > MOST_BYTES) left.push(relative(place.work, path));
    else {
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(path, target);
      size += own;
    }
  }
  serving(place);
  return `${place.out}: ${(bytes(place.out) / 1e6).toFixed(1)} MB${left.length > 0 ? `; for want of room without ${left.join(', ')}` : ''}`;
}

/** Names by which people fetch the bases; the files are those that the adapters were trained over. */
const NAMES = { 'qwen-0.5b': 'hf:Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF:qwen2.5-coder-0.5b-instruct-q4_k_m.gguf' };

/** A configuration beside the first base's adapters, as npm start -- --experts FOLDER reads it. */
function serving(place) {
  const [base] = place.bases;
  const folder = join(place.out, 'real');
  const adapters = found(join(place.out, 'adapters', base), 'adapter.gguf');
  if (adapters.length === 0) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const path = NAMES[base] ?? place.models[base];
  const chairs = adapters.map((file) => [basename(dirname(dirname(file))), file]);
  for (const [module, file] of chairs) copyFileSync(file, join(folder, `${module}.gguf`));
  // JSON is YAML, too.
  const models = Object.fromEntries([
    ...chairs.map(([module]) => [module, { provider: 'gguf', path, lora: `${module}.gguf`, model: module }]),
    ['default', { provider: 'gguf', path }],
  ]);
  writeFileSync(
    join(folder, 'husky.yaml'),
    `${JSON.stringify({ prompts: 'expert', guidance: { experts: true }, sandbox: sandboxOf(place), models }, null, 2)}\n`,
  );
}

/** The experts before what they are compared with, the first seed before the second. */
const order = (path) => (/-2\//.test(path) ? 2 : 0) + (/(?:cot|one)-/.test(path) ? 4 : 0);

function put(place, path) {
  const target = join(place.out, 'records', relative(place.work, path));
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(path, target);
}

function found(folder, name) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith(`/${name}`))
    .map((path) => join(folder, path));
}

function bytes(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
