/**
 * Builds dist from src: the code by esbuild, which reads each file for itself, and the declarations by the compiler, which checks them all.
 *
 *     node scripts/build.mjs           everything: `npm run build`
 *     node scripts/build.mjs --code    all that runs, without the compiler: what `npm start` needs, in a quarter of the time
 */
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { globSync, rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
await Promise.all([code(), process.argv.includes('--code') || declarations()]);

function declarations() {
  return run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--emitDeclarationOnly');
}

async function code() {
  await Promise.all([
    build({
      // The page is bundled by bundle-page.mjs.
      entryPoints: globSync('src/**/*.ts').filter((path) => !/^src.page.|\.d\.ts$/.test(path)),
      outdir: 'dist',
      outbase: 'src',
      platform: 'node',
      format: 'cjs',
      sourcemap: true,
      logLevel: 'warning',
    }),
    run('scripts/copy-data.mjs'),
  ]);
  await Promise.all([
    run('scripts/bundle-latex.mjs'),
    run('scripts/bundle-sandbox.mjs', 'dist/sandbox/children'),
    run('scripts/bundle-page.mjs', 'dist/page'),
    run('scripts/bundle-workflows.cjs'),
    run('scripts/describe-commands.cjs'),
  ]);
}

/** Runs a script of Node's in the repository. A step that fails ends the build with its exit code, after its own words. */
function run(...args) {
  return new Promise((resolve) => {
    spawn(process.execPath, args, { stdio: 'inherit' }).once('close', (status) => {
      if (status !== 0) process.exit(status ?? 1);
      resolve();
    });
  });
}
