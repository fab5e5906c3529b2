/**
 * Puts the two parsers of LaTeX each into the one built file that uses it, so that the package depends on no libraries of 46 MB and 12 MB
 * for them. Each library's licence lies beside its file.
 */
import { copyFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { build } from 'esbuild';

await bundle('mathematics/compute-engine.js', '@cortex-js/compute-engine', 'LICENSE');
await bundle('husky-v1/latex-parser.js', 'antlr4ng', 'LICENSE.txt');

async function bundle(path, library, licence) {
  const file = join('dist', 'scoring', path);
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
            kind === 'entry-point' || path.startsWith(library) || importer.includes('node_modules')
              ? undefined
              : { path, external: true },
          ),
      },
    ],
  });
  const { dir, name } = parse(file);
  copyFileSync(join('node_modules', library, licence), join(dir, `${name}.licence.txt`));
}
