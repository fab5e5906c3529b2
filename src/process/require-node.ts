/**
 * Refuses too old a Node in a sentence. A door of the package imports it first, because its other imports fail with obscure errors: a
 * program may be built and run by different versions, and a package manager may skip the check at installation.
 */
import { isNodeTooOld, NEEDED_NODE } from './needed-node';

if (isNodeTooOld)
  throw new Error(
    `temporal-husky needs Node ${NEEDED_NODE} or later (isolated-vm and node:sqlite do); this is ${process.versions.node}. Run your program with Node ${NEEDED_NODE}.`,
  );
