/**
 * The package as a stranger gets it: packed, and unpacked into an empty folder beside the packages that it declares, which are links to this
 * repository's. What it needs and does not declare is not found there. `npm run check:package` installs it with the package managers.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');

interface Manifest {
  bin: Record<string, string>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, unknown>;
}

/** What the examples import themselves. */
const IMPORTED = ['@temporalio/proto', '@opentelemetry/api', '@opentelemetry/sdk-trace'];

/** @returns a folder with node_modules that hold the packed package and what its examples import */
export function installPackage(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'husky-package-')));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, npm_config_loglevel: 'error' },
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
  const own = join(modules, 'temporal-husky');
  renameSync(join(folder, 'package'), own);
  const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as Manifest;
  const { bin, dependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const peers = Object.keys(peerDependencies).filter((name) => !(name in peerDependenciesMeta));
  for (const name of new Set([...Object.keys(dependencies), ...peers, ...IMPORTED])) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const [name, file] of Object.entries(bin)) symlinkSync(join(own, file), join(modules, '.bin', name));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  return folder;
}
