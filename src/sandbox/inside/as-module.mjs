/** Rewrites `import` and `export` to `require`, and keeps the program's line numbers. */
const IMPORT = /^([ \t]*)import\s+(?:([\w$*{}\s,]+?)\s+from\s*)?(['"])([^'"\n]+)\3[ \t]*;?/gm;
const EXPORT =
  /^([ \t]*)export\s+(?:\{[^}]*\}[ \t]*;?|(default\s+)?(?=(async\s+function|function|class|const|let|var)?\b\s*\*?\s*([\w$]*)))/gm;

export function asModule(code) {
  const imported = code.replace(IMPORT, (all, indent, names, _, from) => {
    const lines = all.replace(/[^\n]/g, '');
    return `${indent}${names === undefined ? '' : bindings(names, `require(${JSON.stringify(from)})`)}${names === undefined ? `require(${JSON.stringify(from)});` : ''}${lines}`;
  });
  return imported.replace(EXPORT, (all, indent, isDefault, declares, name) => {
    const lines = all.replace(/[^\n]/g, '');
    return `${lines}${indent}${isDefault && !(declares && name) ? 'void ' : ''}`;
  });
}

/** `a, { b as c }` becomes `const a = ...; const { b: c } = ...;`, `* as d` becomes `const d = ...;`. */
function bindings(names, value) {
  const [, plain, listed] = /^([^{]*?),?\s*(\{[^}]*\})?$/s.exec(names.trim());
  const singles = plain
    .split(',')
    .map((name) => name.replace(/^\s*\*\s+as\s+/, '').trim())
    .filter((name) => name !== '');
  const list = listed?.replace(/\s+as\s+/g, ': ').replace(/\s+/g, ' ');
  return [...singles, ...(list ? [list] : [])].map((left) => `const ${left} = ${value};`).join(' ');
}
