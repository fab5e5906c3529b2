/** Refuses too old a Node, before imports fail on it with obscure errors. */

const NEEDED = 24;
const [major = 0] = process.versions.node.split('.').map(Number);

if (major < NEEDED) {
  process.stderr.write(
    `husky needs Node ${NEEDED} or later (isolated-vm and node:sqlite do); this is ${process.versions.node}. Install it, or run it through the npm package: npx node@${NEEDED} ${process.argv[1] ?? 'husky'}\n`,
  );
  process.exit(3);
}
