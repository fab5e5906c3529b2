'use strict';
/** Makes the snapshot that isolates of JavaScript programs start from. Arguments: addon of isolated-vm, script, file to write. */
const { readFileSync, writeFileSync } = require('node:fs');

const [addon, script, file] = process.argv.slice(2);
const { ivm } = require(addon);

/** Runs in a context that is thrown away: the snapshot keeps compiled code, not effects. */
const WARM_UP = `
const child = __boot({ send() {}, exit() {}, budget: 1e6, keepChars: 1000 });
child.start(\`
  process.stdout.write('a\\n');
  console.log(1, 'a', { a: [1.5, true], b: null }, [1, 2], new Map([[1, 2]]), 2n, Buffer.from('a'), new URL('http://a/b?c=d'));
  require('assert').strictEqual(1, 1);
  require('util').format('%s', new TextDecoder().decode(new TextEncoder().encode('a')));
  3
\`, '00');
child.turn();
child.settle();
`;
const snapshot = ivm.Isolate.createSnapshot([{ code: readFileSync(script, 'utf8') }], WARM_UP);
writeFileSync(file, Buffer.from(snapshot.copy()));
