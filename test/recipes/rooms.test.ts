/** Scripts in trainer/ and recipes/ are not type-checked, and reach into the built package by the paths of its rooms. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const scripts = ['trainer', 'recipes'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => join(folder, name)),
);
const LOADED = /const \{([^}]*)\} = (?:await )?load\('([^']+)'\)|load\('([^']+)'\)\.(\w+)/g;

const wanted = scripts.flatMap((script) =>
  [...readFileSync(join(root, script), 'utf8').matchAll(LOADED)].flatMap(([, names, room, other, name]) =>
    (names ?? name ?? '').split(',').map((one) => ({ script, room: room ?? other ?? '', name: one.trim() })),
  ),
);

test('scripts beside the package find in its rooms what they load', async () => {
  expect(wanted.length).toBeGreaterThan(20);
  const missing: string[] = [];
  for (const { script, room, name } of wanted) {
    const loaded = (await import(join(root, 'src', room))) as Record<string, unknown>;
    if (loaded[name] === undefined) missing.push(`${script}: ${room} has no ${name}`);
  }
  expect(missing).toEqual([]);
});
