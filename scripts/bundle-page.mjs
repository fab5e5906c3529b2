/**
 * Bundles the page of `husky serve` and `husky dev` into a folder: its script with the library that it uses, its style, its HTML.
 *
 *     node scripts/bundle-page.mjs FOLDER
 */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const licence = readFileSync(join(root, 'node_modules/preact/LICENSE'), 'utf8');
await build({
  entryPoints: [join(root, 'src/page/main.tsx')],
  outfile: join(folder, 'page.js'),
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: ['chrome120', 'firefox121', 'safari17.2'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  legalComments: 'none',
  banner: { js: `/* Contains preact.\n${licence}*/` },
  logLevel: 'warning',
});
for (const file of ['index.html', 'page.css']) cpSync(join(root, 'src/page', file), join(folder, file));
