/** Explains why a native module cannot be loaded and what to do; the loaders' own messages do not. */

interface NativeModule {
  name: string;
  /** What it is for, and where its makers publish binaries. */
  about: string;
  remedy: string;
}

const MODULES: readonly NativeModule[] = [
  {
    name: 'isolated-vm',
    about:
      'holds programs of the sandbox; binaries exist for Linux with glibc or musl (x64, arm64), macOS (arm64) and Windows (x64)',
    remedy: 'Build it: npm rebuild isolated-vm (needs Python 3, make and a C++ compiler)',
  },
  {
    name: '@temporalio/core-bridge',
    about:
      'connects workers; binaries exist for Linux with glibc and macOS (x64, arm64) and for Windows (x64), and none for musl',
    remedy: 'Run workers in an image with glibc, such as node:24-slim, and install the packages there',
  },
  {
    name: 'node-llama-cpp',
    about: 'runs GGUF models in process',
    remedy: 'Install it: npm install node-llama-cpp, or use a model server (provider: openai)',
  },
];

/** @returns one sentence, or undefined for an error that is not about a native module of ours */
export function nativeModuleProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  const text = `${error.message}\n${error.stack ?? ''}`;
  const isLoading =
    code === 'ERR_DLOPEN_FAILED' ||
    code === 'MODULE_NOT_FOUND' ||
    code === 'ERR_MODULE_NOT_FOUND' ||
    error.name === 'PrebuildError' ||
    error.message.startsWith('No native build was found');
  const native = isLoading && MODULES.find(({ name }) => text.includes(name));
  if (!native) return undefined;
  const [why = ''] = error.message.split('\n');
  return `The native module ${native.name} cannot be loaded on ${platformName()}: ${why}. It ${native.about}. ${native.remedy}.`;
}

/** Such as `linux x64 (musl), Node 24.1.0`. */
function platformName(): string {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  const libc = process.platform === 'linux' && !header.glibcVersionRuntime ? ' (musl)' : '';
  return `${process.platform} ${process.arch}${libc}, Node ${process.versions.node}`;
}
