/**
 * Puts the parser of LaTeX into the one built file that uses it, so that the package depends on no library of 46 MB for it. The
 * library's licence lies beside it.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = join('dist', 'scoring', 'mathematics');
const file = join(folder, 'compute-engine.js');
await build({
  entryPoints: [file],
  outfile: file,
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  legalComments: 'inline',
  logLevel: 'warning',
  plugins: [
    {
      name: 'only the library',
      setup: ({ onResolve }) =>
        onResolve({ filter: /.*/ }, ({ path, kind, importer }) =>
          kind === 'entry-point' || path.startsWith('@cortex-js/') || importer.includes('node_modules')
            ? undefined
            : { path, external: true },
        ),
    },
  ],
});
const library = join('node_modules', '@cortex-js', 'compute-engine');
copyFileSync(join(library, 'LICENSE'), join(folder, 'compute-engine.licence.txt'));
