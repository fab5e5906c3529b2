/** Refuses too old a Node, before imports fail on it with obscure errors. */
import { isNodeTooOld, NEEDED_NODE } from '../../process/needed-node';

if (isNodeTooOld) {
  process.stderr.write(
    `husky needs Node ${NEEDED_NODE} or later (isolated-vm and node:sqlite do); this is ${process.versions.node}. Install it, or run it through the npm package: npx node@${NEEDED_NODE} ${process.argv[1] ?? 'husky'}\n`,
  );
  process.exit(3);
}
