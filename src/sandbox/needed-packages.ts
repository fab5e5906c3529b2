/** Finds out whether a Python program needs what Pyodide lacks, and which fork server has it. */
import type { RunResult } from './sandbox';
import type { ServerKind } from './server-world';

const IMPORT = /(?<=^|[\n;:])[ \t]*import[ \t]+([^\n;#]+)/g;
const FROM = /(?<=^|[\n;:])[ \t]*from[ \t]+(?:numpy|scipy)\b[\w.]*[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]+)/g;
/** Errors that say that something is lacking, and which servers have it, the preferred one first. */
const LACKING: readonly { name: string; message: RegExp; kinds: readonly ServerKind[] }[] = [
  { name: 'ModuleNotFoundError', message: /^No module named '(numpy|scipy)\b/, kinds: ['wasm', 'native'] },
  { name: 'ModuleNotFoundError', message: /^No module named '(pandas|networkx|dateutil|tabulate)\b/, kinds: ['wasm'] },
  { name: 'ModuleNotFoundError', message: /^The module '(sqlite3|lzma)' is/, kinds: ['wasm', 'native'] },
  { name: 'ModuleNotFoundError', message: /^The module 'ssl' is|^No module named '_ssl'/, kinds: ['native'] },
  { name: 'RuntimeError', message: /^can't start new thread$/, kinds: ['native'] },
  // WebAssembly's sizes have 32 bits: `len(range(10**10))`.
  { name: 'OverflowError', message: /^Python int too large to convert to C (?:ssize_t|long)$/, kinds: ['native'] },
  {
    name: 'AttributeError',
    message: /^module 'hashlib' has no attribute '(pbkdf2_hmac|scrypt)'/,
    kinds: ['native'],
  },
];

/**
 * Whether a program imports numpy or scipy and uses an imported name. Husky-v1 puts its imports before every program, most of which
 * use neither.
 */
export function usesNumericPackages(code: string): boolean {
  const names: string[] = [];
  const take = (list: string) => {
    for (const part of list.replace(/[()]/g, '').split(',')) {
      const [, name, alias] = /^\s*([\w.*]+)(?:\s+as\s+(\w+))?/.exec(part) ?? [];
      if (name) names.push(alias ?? name);
    }
    return '';
  };
  const rest = code
    .replace(FROM, (_, list: string) => take(list))
    .replace(IMPORT, (statement: string, list: string) => {
      const parts = list.split(',');
      const ours = parts.filter((part) => /^\s*(numpy|scipy)\b/.test(part));
      if (ours.length === 0) return statement;
      take(ours.map((part) => (/\bas\b/.test(part) ? part : part.replace(/\..*/, ''))).join(','));
      return parts.length === ours.length ? '' : statement.replace(/\b(numpy|scipy)\b/g, '');
    });
  return names.some((name) => name === '*' || new RegExp(`\\b${name}\\b`).test(rest));
}

/** The servers that have what a program lacked. @param before what ran it; undefined for Pyodide */
export function kindsWithWhatItLacked({ error }: RunResult, before?: ServerKind): readonly ServerKind[] {
  const found = LACKING.find(({ name, message }) => error?.name === name && message.test(error.message));
  return before === 'native' ? [] : (found?.kinds ?? []).filter((kind) => kind !== before);
}
