/** Refuses too old a Node, before imports fail on it with obscure errors. */
import { isNodeTooOld, NEEDED_NODE } from '../../process/needed-node';

/** A word of the command line as a shell takes it. */
function inShell(word: string): string {
  if (/^[\w./:@=+,%-]+$/.test(word)) return word;
  return process.platform === 'win32' ? `"${word.replaceAll('"', '""')}"` : `'${word.replaceAll("'", "'\\''")}'`;
}

if (isNodeTooOld) {
  const typed = process.argv.slice(1).map(inShell).join(' ');
  process.stderr.write(
    `husky needs Node ${NEEDED_NODE} or later (isolated-vm and node:sqlite do); this is ${process.versions.node}. Install it, or run it through the npm package: npx node@${NEEDED_NODE} ${typed}\n`,
  );
  process.exit(3);
}
