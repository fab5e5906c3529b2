/** Finds out whether a Python program needs what Pyodide lacks. */
import type { RunResult } from './sandbox';

const IMPORT = /(?<=^|[\n;:])[ \t]*import[ \t]+([^\n;#]+)/g;
const FROM = /(?<=^|[\n;:])[ \t]*from[ \t]+(?:numpy|scipy)\b[\w.]*[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]+)/g;
/** Errors that say that Pyodide lacks something which CPython, numpy or scipy has. */
const ABSENT: Record<string, RegExp> = {
  ModuleNotFoundError: /^No module named '(numpy|scipy)\b|^The module '(sqlite3|lzma|ssl)' is/,
  RuntimeError: /^can't start new thread$/,
  AttributeError: /^module 'hashlib' has no attribute '(pbkdf2_hmac|scrypt)'/,
};

/**
 * Whether a program imports numpy or scipy and uses an imported name. Husky-v1 puts its imports before every program, most of which
 * use neither; Pyodide starts those faster.
 */
export function usesHostPackages(code: string): boolean {
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

/** Whether a program failed in Pyodide because of something that the host's Python has. */
export function lackedHostPackage({ error }: RunResult): boolean {
  return error !== undefined && Object.hasOwn(ABSENT, error.name) && ABSENT[error.name]!.test(error.message);
}
