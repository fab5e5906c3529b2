/** What the declarations of the package's doors import. A user who checks libraries, too (`skipLibCheck: false`), needs all of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Manifest {
  exports: Record<string, string | { types?: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, unknown>;
}

const root = join(__dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const doors = Object.entries(manifest.exports).flatMap(([door, target]) =>
  typeof target === 'string' || target.types === undefined ? [] : [[door, target.types] as const],
);

/** Packages that a declaration file and those that it imports import, each with the file that does. */
function packagesOf(file: string, seen = new Set<string>()): Map<string, string> {
  const found = new Map<string, string>();
  if (seen.has(file)) return found;
  seen.add(file);
  const text = readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\//g, '');
  for (const [, name = ''] of text.matchAll(/(?:\bfrom |\bimport\(|^import )['"]([^'"]+)['"]/gm)) {
    if (!name.startsWith('.')) {
      const [first = '', second] = name.split('/');
      found.set(first.startsWith('@') ? `${first}/${second}` : first, file);
      continue;
    }
    const at = resolve(file, '..', name);
    const declared = [`${at}.d.ts`, join(at, 'index.d.ts')].find((one) => existsSync(one));
    if (declared === undefined) throw new Error(`${file} imports ${name}, which declares nothing`);
    for (const [one, by] of packagesOf(declared, seen)) found.set(one, by);
  }
  return found;
}

beforeAll(() => {
  if (!existsSync(join(root, 'dist/index.d.ts'))) throw new Error('The declarations are not built: npm run build');
});

test.each(doors)('the declarations of %s import only what is installed with the package', (_, types) => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const installed = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
  for (const optional of Object.keys(peerDependenciesMeta)) installed.delete(optional);
  const absent = [...packagesOf(join(root, types))].filter(
    ([name]) => !name.startsWith('node:') && !installed.has(name),
  );
  expect(absent).toEqual([]);
});
