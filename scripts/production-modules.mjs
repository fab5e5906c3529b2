/**
 * Copies what runs, and nothing else, into a folder: the built package, and of node_modules the versions that package-lock.json names
 * for its dependencies and for Temporal's SDK. The image is made of it, so the same commit makes the same files.
 *
 *     node scripts/production-modules.mjs FOLDER     after `npm ci` and `npm run build`
 */
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trimModules } from './trim-modules.mjs';

const target = process.argv[2];
if (!target) throw new Error('Name the folder to fill: node scripts/production-modules.mjs FOLDER');
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const own = packages[''];

/** Folder in node_modules that a package at `from` finds under a name, as Node looks for it. */
function find(name, from) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules') - 1))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place] && existsSync(place)) return place;
    if (at === '') return undefined;
  }
}

const wanted = new Set();
function want(name, from, isOptional) {
  const place = find(name, from);
  if (!place) {
    if (isOptional) return;
    throw new Error(`${name}, which ${from || 'this package'} needs, is not installed: run npm ci.`);
  }
  if (wanted.has(place)) return;
  wanted.add(place);
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = packages[place];
  for (const next of Object.keys(dependencies)) want(next, place, next in optionalDependencies);
  for (const next of Object.keys(optionalDependencies)) want(next, place, true);
  for (const next of Object.keys(peerDependencies)) want(next, place, peerDependenciesMeta[next]?.optional ?? false);
}
for (const name of Object.keys(own.dependencies)) want(name, '', false);
for (const name of Object.keys(own.peerDependencies).filter((one) => one.startsWith('@temporalio/')))
  want(name, '', false);

mkdirSync(target, { recursive: true });
for (const place of [...wanted].sort())
  cpSync(place, join(target, place), {
    recursive: true,
    // Nested packages are wanted, or not, by themselves.
    filter: (from) => from === place || !from.slice(place.length).startsWith('/node_modules'),
  });
trimModules(join(target, 'node_modules'), { ownNode: true });
for (const part of ['package.json', 'LICENSE', 'dist', 'data']) cpSync(part, join(target, part), { recursive: true });
console.log(`${target}: ${wanted.size} packages`);
