/** Joins Pyodide's two loader scripts into one for an isolate: without modules and URLs, and with memory restored in parts. */

/** Copies the parts of a snapshot into memory and drops them. */
const RESTORE = `globalThis.__restore = (Module, grow) => {
  const { runs, size, data } = globalThis.__snapshot;
  if (size > Module.HEAP8.length) grow(size);
  const bytes = new Int8Array(data);
  let from = 0;
  for (const [at, length] of runs) {
    Module.HEAP8.set(bytes.subarray(from, from + length), at);
    from += length;
  }
  globalThis.__snapshot = undefined;
};
`;

/**
 * @param asm text of pyodide.asm.mjs
 * @param main text of pyodide.mjs
 * @throws Error when text that has to be changed is not found, as in another version
 */
export function joinLoader(asm: string, main: string): string {
  const core = replaceAll(asm, /import\.meta\.url/g, '"file:///pyodide.asm.mjs"');
  const restored = replaceAll(
    core,
    /return Module\.HEAP8\.set\(t\),l\}/g,
    'return globalThis.__restore(Module,growMemory),l}',
  );
  const created = replaceAll(
    restored,
    /export default _createPyodideModule;?\s*$/g,
    'globalThis.__createPyodide=_createPyodideModule;',
  );
  const sized = replaceAll(main, /t\.INITIAL_MEMORY=i\.length/g, 't.INITIAL_MEMORY=globalThis.__snapshot.size');
  const named = replaceAll(sized, /export\s*\{\s*(\w+) as loadPyodide,[^}]*\};?/g, 'globalThis.__loadPyodide=$1;');
  return `${RESTORE}${created}\n;${named}`;
}

function replaceAll(text: string, pattern: RegExp, by: string): string {
  if (text.search(pattern) < 0)
    throw new Error(`Pyodide's loader has no ${pattern.source}: this is not the version that was pinned.`);
  return text.replace(pattern, by);
}
