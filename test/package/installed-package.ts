/** The package as a stranger gets it: packed, installed from the tarball into an empty folder. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** @returns a folder with node_modules that hold the packed package and what its examples import */
export function installPackage(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'husky-package-')));
  const npm = (args: string[], cwd: string) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', env: { ...process.env, npm_config_loglevel: 'error' } });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)) as {
    filename: string;
    size: number;
  }[];
  if (!packed) throw new Error('npm pack made nothing');
  const version = (name: string) =>
    (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  const imported = [
    ...['client', 'common', 'proto', 'worker', 'workflow'].map((name) => `@temporalio/${name}`),
    '@opentelemetry/api',
    '@opentelemetry/sdk-trace',
  ];
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: {
        'temporal-husky': `file:${packed.filename}`,
        ...Object.fromEntries(imported.map((name) => [name, version(name)])),
      },
      overrides: { '@swc/core': '1.16.18' },
    }),
  );
  npm(['install', '--prefer-offline', '--ignore-scripts'], folder);
  return folder;
}
