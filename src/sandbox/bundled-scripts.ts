/**
 * What runs inside isolates, as one script each: bundled by `npm run build` with the libraries that it uses.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createFailure } from '../failures';

const SOURCE = join(__dirname, 'inside');
const ROOT = join(__dirname, '../..');
const BUNDLER = join(ROOT, 'scripts/bundle-sandbox.mjs');

/**
 * Path of a bundle. A checkout that was not built, as tests use it, bundles when its source has changed.
 *
 * @throws SandboxUnavailable
 */
export function bundledScript(name: 'inside' | 'text-codecs'): string {
  const built = join(__dirname, 'children', `${name}.js`);
  if (existsSync(built)) return built;
  const sources = [...readdirSync(SOURCE).map((file) => join(SOURCE, file)), BUNDLER, join(ROOT, 'package.json')];
  const hash = createHash('sha256');
  for (const file of sources) hash.update(readFileSync(file));
  const folder = join(ROOT, 'node_modules/.cache/temporal-husky', `sandbox-${hash.digest('hex').slice(0, 16)}`);
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
