/** Finds the shared libraries of a program: the only files of the machine that a sandboxed child needs. */
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Libraries {
  libraries: { from: string; to: string }[];
  links: { target: string; path: string }[];
}

let ofNode: Libraries | undefined;

export function librariesOfNode(): Libraries {
  ofNode ??= librariesOf(
    process.execPath,
    readFileSync('/proc/self/maps', 'utf8')
      .split('\n')
      .map((line) => line.slice(line.indexOf('/')))
      .filter((path) => path.startsWith('/') && /\.so(\.[\d.]+)?$/.test(path)),
  );
  return ofNode;
}

/** @param mapped paths of the libraries that a process of `program` has loaded */
export function librariesOf(program: string, mapped: readonly string[]): Libraries {
  const places = new Map<string, string>();
  for (const from of new Set(mapped)) for (const to of namesOf(from)) places.set(to, from);
  const interpreter = interpreterOf(program);
  if (interpreter) places.set(interpreter, realpathSync(interpreter));

  const links = ['/lib', '/lib64']
    .filter((path) => isLink(path))
    .map((path) => ({ target: readlinkSync(path).replace(/^\//, ''), path }));
  const linked = (path: string) => links.some((link) => path.startsWith(`${link.path}/`));
  const libraries = [...places].map(([to, from]) => ({
    from,
    to: linked(to) ? join('/', realDirectory(to), basename(to)) : to,
  }));
  return { libraries, links };
}

/** Programs ask for a library by a shorter name than the loaded file's: `libstdc++.so.6` for `libstdc++.so.6.0.30`. */
function namesOf(library: string): string[] {
  const folder = dirname(library);
  const stem = basename(library).replace(/\.so.*$/, '.so');
  const shorter = readdirSync(folder).filter((name) => {
    if (!name.startsWith(stem)) return false;
    try {
      return realpathSync(join(folder, name)) === library;
    } catch {
      return false;
    }
  });
  return [library, ...shorter.map((name) => join(folder, name))];
}

function realDirectory(path: string): string {
  const link = path.startsWith('/lib64/') ? '/lib64' : '/lib';
  return join('/', readlinkSync(link), dirname(path).slice(link.length));
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** The dynamic loader, which an ELF program names near its start. */
function interpreterOf(program: string): string | undefined {
  const start = Buffer.alloc(4096);
  const file = openSync(program, 'r');
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  return /\/[\w./-]*\/ld[\w.-]*\.so[\w.]*/.exec(start.toString('latin1'))?.[0];
}
