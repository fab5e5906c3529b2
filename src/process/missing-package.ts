/**
 * Explains that a package of Temporal's SDK is not installed. Not every package manager installs what another package names as its peers.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const load = createRequire(__filename);
const ROOT = join(__dirname, '../..');

/** @returns one sentence with the command that installs it, or undefined for another error */
export function missingPackage(error: unknown): string | undefined {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const [, name] = /^Cannot find (?:module|package) '(@temporalio\/[\w-]+)/.exec(message) ?? [];
  const { peerDependencies: peers } = load(join(ROOT, 'package.json')) as { peerDependencies: Record<string, string> };
  if (name === undefined || peers[name] === undefined) return undefined;
  const absent = Object.keys(peers).filter((peer) => peer.startsWith('@temporalio/') && versionOf(peer) === undefined);
  const version = versionOf('@temporalio/client') ?? peers[name];
  const wanted = [...new Set([name, ...absent])].map((peer) => `${peer}@${version}`).join(' ');
  return `The package ${name}, which temporal-husky needs beside it, is not installed. Install it: npm install ${wanted}. npm does so by itself, but not with legacy-peer-deps.`;
}

function versionOf(name: string): string | undefined {
  try {
    return (load(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}
