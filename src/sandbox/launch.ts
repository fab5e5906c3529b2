/** The command line of a child at each level: the shell's ulimit, `node --permission`, and bubblewrap around both. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { basename } from 'node:path';
import type { Offer } from './levels';
import { librariesOfNode, type Libraries } from './libraries';

export interface Program {
  /** The child's script, then the files that it reads. The child can read these and no others. */
  files: readonly string[];
  /** Files beside the script that it loads by itself. */
  companions?: readonly string[];
  /** Words after the files on the child's command line. */
  words: readonly string[];
  /** Flags of V8. */
  flags?: readonly string[];
  /** MiB that the whole process may use. */
  processMb: number;
}

/**
 * MiB of address space that V8 reserves for machine code, once for Node's heap and once for the isolate's. The kernel counts it as
 * data, though no program can put data there.
 */
const CODE_RANGES_MB = 2 * 512 + 16;
/** Files that the addon loader and libuv read before any program runs. */
const READ_BY_NODE = ['/etc/alpine-release'];
const NODE_FLAGS = ['--no-node-snapshot', '--no-warnings', '--stack-size=900', '--v8-pool-size=1', '--disable-sigusr1'];

export function launch(program: Program, offer: Offer): ChildProcessWithoutNullStreams {
  const [command, ...words] = commandLine(program, offer);
  return spawn(command as string, words, {
    env: { TZ: 'UTC' },
    cwd: '/',
    stdio: 'pipe',
    detached: true,
    windowsHide: true,
  });
}

function commandLine({ files, companions = [], words, flags = [], processMb }: Program, offer: Offer): string[] {
  const wrapped = offer.level === 'namespace';
  const placed = (file: string) => (wrapped ? `/sandbox/${basename(file)}` : file);
  const inside = files.map(placed);
  const all = [...files, ...companions];
  const node = [
    wrapped ? '/sandbox/node' : process.execPath,
    ...NODE_FLAGS,
    ...flags,
    ...(offer.level === 'isolate' ? [] : permissions(all.map(placed))),
    ...inside,
    ...words,
  ];
  const bounded = wrapped ? [...bubblewrap(offer.bwrap ?? 'bwrap', all), ...node] : node;
  if (process.platform === 'win32') return bounded;
  const limits = `ulimit -c 0; ulimit -n 64; ulimit -f 0; ulimit -d ${(processMb + CODE_RANGES_MB) * 1024}; exec "$@"`;
  return ['/bin/sh', '-c', limits, 'sh', ...bounded];
}

function permissions(files: readonly string[]): string[] {
  return ['--permission', '--allow-addons', ...[...files, ...READ_BY_NODE].map((file) => `--allow-fs-read=${file}`)];
}

/**
 * A file system with only a program's libraries and two devices; callers add the rest. It has no /proc, so that it also works in a
 * container whose own /proc is masked, and a program sees no other process.
 */
export function emptyWorld(bwrap: string, { libraries, links }: Libraries): string[] {
  return [
    bwrap,
    ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...['--hostname', 'sandbox', '--uid', '65534', '--gid', '65534'],
    ...libraries.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...links.flatMap(({ target, path }) => ['--symlink', target, path]),
    ...['/dev/null', '/dev/urandom'].flatMap((device) => ['--dev-bind', device, device]),
  ];
}

function bubblewrap(bwrap: string, files: readonly string[]): string[] {
  return [
    ...emptyWorld(bwrap, librariesOfNode()),
    ...['--ro-bind', process.execPath, '/sandbox/node'],
    ...files.flatMap((file) => ['--ro-bind', file, `/sandbox/${basename(file)}`]),
    ...['--remount-ro', '/', '--chdir', '/'],
  ];
}
