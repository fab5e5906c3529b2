/**
 * Bundles what runs inside the sandbox's isolates, ours with the libraries that it uses, into one script each: `inside.js` (the world
 * of a JavaScript program) and `text-codecs.js` (for Python's loader); and `typescript.js`, which runs beside them. The licences of the libraries are put beside them.
 *
 *     node scripts/bundle-sandbox.mjs FOLDER
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const inside = join(root, 'src/sandbox/inside');

/** Libraries are told that they are in no browser and no Node: files that the package names for React Native need neither. */
const forBareEngines = {
  name: 'for bare engines',
  setup(bundle) {
    bundle.onResolve({ filter: /^util\/?$/ }, () => ({ path: join(inside, 'node-util.mjs') }));
    bundle.onResolve({ filter: /^tr46$/ }, () => ({ path: join(inside, 'host-names.mjs') }));
    bundle.onLoad({ filter: /@exodus\/bytes\/.*\.js$/ }, ({ path }) => {
      const [, home, file] = /^(.*@exodus\/bytes)(\/.*)$/.exec(path);
      const named = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))['react-native'][`.${file}`];
      // Encodings of Chinese, Japanese and Korean need half a megabyte of tables.
      const other = file === '/encoding.js' ? 'encoding-lite.js' : named;
      return { contents: readFileSync(other ? join(home, other) : path, 'utf8'), resolveDir: dirname(path) };
    });
  },
};

export async function bundleSandbox(folder) {
  const world = await bundle({ entryPoints: [join(inside, 'boot.mjs')], outfile: join(folder, 'inside.js') });
  const codecs = join(inside, 'text-codecs.mjs');
  await bundle({ entryPoints: [codecs], outfile: join(folder, 'text-codecs.js'), globalName: 'codecs' });
  const typescript = await bundle({
    entryPoints: [join(inside, 'typescript.mjs')],
    outfile: join(folder, 'typescript.js'),
    format: 'cjs',
    platform: 'node',
    inject: [],
    minify: true,
  });
  const inputs = [...Object.keys(world.inputs), ...Object.keys(typescript.inputs)];
  const packages = inputs.map((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const licences = [...new Set(packages)].filter(Boolean).sort().map(licenceOf);
  writeFileSync(join(folder, 'inside.licences.txt'), licences.join('\n\n'));
}

async function bundle(what) {
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['react-native', 'require'],
    target: 'es2024',
    keepNames: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { global: 'globalThis', 'process.env.NODE_DEBUG': 'undefined' },
    alias: { 'node-inspect-extracted': './node_modules/node-inspect-extracted/dist/inspect.js' },
    inject: [join(inside, 'absent.mjs')],
    plugins: [forBareEngines],
    metafile: true,
    logLevel: 'warning',
    ...what,
  });
  return metafile;
}

function licenceOf(home) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, home, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, home)).find((one) => /^(licen[cs]e|copying)/i.test(one));
  const text = file && existsSync(join(root, home, file)) ? readFileSync(join(root, home, file), 'utf8') : '';
  return `${name} ${version} (${license})\n\n${text}`;
}

if (process.argv[2] !== undefined) {
  mkdirSync(process.argv[2], { recursive: true });
  await bundleSandbox(process.argv[2]);
}
