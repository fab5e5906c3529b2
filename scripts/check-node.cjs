/**
 * Before the package is installed: refuses a Node that is too old in a sentence, where npm would go on and end in a compiler's pages.
 * A clone sets itself up on older ones: it brings its own Node 24 (scripts/set-up.mjs).
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);
const isClone = existsSync(join(__dirname, '../src'));

if (major < NEEDED && !isClone) {
  console.error(
    `temporal-husky needs Node ${NEEDED} or later (isolated-vm and node:sqlite do); this is Node ${process.versions.node}. Install Node ${NEEDED} and run the same command again.`,
  );
  process.exit(1);
}
