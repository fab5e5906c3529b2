/** Finds the scripts that run inside isolates and beside them. `npm run build` bundles each with its libraries. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createFailure } from '../failures';
import { shortHash } from '../files/fingerprint';

const SOURCE = join(__dirname, 'inside');
const ROOT = join(__dirname, '../..');
const BUNDLER = join(ROOT, 'scripts/bundle-sandbox.mjs');

/**
 * Path of a bundle. Tests run from source; then a bundle is made when its source has changed.
 *
 * @throws SandboxUnavailable
 */
export function bundledScript(name: 'inside' | 'text-codecs' | 'typescript'): string {
  const built = join(__dirname, 'children', `${name}.js`);
  if (existsSync(built)) return built;
  const sources = [...readdirSync(SOURCE).map((file) => join(SOURCE, file)), BUNDLER, join(ROOT, 'package.json')];
  const folder = join(ROOT, 'node_modules/.cache/temporal-husky', `sandbox-${shortHash([], sources)}`);
  if (!existsSync(folder)) bundleInto(folder);
  return join(folder, `${name}.js`);
}

function bundleInto(folder: string): void {
  const partial = `${folder}.${process.pid}`;
  try {
    execFileSync(process.execPath, [BUNDLER, partial], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? error).trim();
    throw createFailure(
      'SandboxUnavailable',
      `The scripts of the sandbox could not be bundled (npm install brings what that needs): ${said.slice(-500)}`,
    );
  }
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another process was faster.
    rmSync(partial, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
