/** Why a child of the sandbox ended is one line of what it wrote, whatever Node or Python prints around it. */
import { reasonIn } from '../../src/sandbox/last-words';

test.each([
  [
    'an addon for another libc, as Node tells it',
    `node:internal/modules/cjs/loader:2090
  return process.dlopen(module, path.toNamespacedPath(filename));
                 ^

Error: Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /app/isolated-vm.abi137.glibc.node)
    at Module._extensions..node (node:internal/modules/cjs/loader:2090:18) {
  code: 'ERR_DLOPEN_FAILED'
}

Node.js v24.19.0
`,
    /^Error: Error loading shared library .*glibc\.node\)$/,
  ],
  [
    'a module that Python lacks',
    `Traceback (most recent call last):
  File "<string>", line 1, in <module>
ModuleNotFoundError: No module named 'wasmtime'
`,
    /^ModuleNotFoundError: No module named 'wasmtime'$/,
  ],
  [
    'an abort of V8',
    'first\n#\n# Fatal error in , line 0\n# Check failed: ok.\n',
    /^# # Fatal error in , line 0 # Check failed: ok\.$/,
  ],
  ['nothing', '', /^$/],
])('%s', (_, words, reason) => {
  expect(reasonIn(words)).toMatch(reason);
});
