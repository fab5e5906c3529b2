/**
 * Chooses what runs a Python program: CPython in WebAssembly copied by a fork server, Pyodide in a process of its own, or the
 * machine's own Python under bubblewrap.
 */
import { createFailure } from '../failures';
import { ForkServer } from './fork-server';
import { chooseLevel, type Offer } from './levels';
import { kindsWithWhatItLacked, usesNumericPackages } from './needed-packages';
import type { PythonBackend, RunResult, SandboxOptions } from './sandbox';
import type { ServerKind } from './server-world';
import { hasWasmEnvironment } from './wasm-environment';

/** Milliseconds before a server that could not start is tried again. Without a package index each try takes half a minute. */
const PAUSE_MS: Record<ServerKind, number> = { wasm: 600_000, native: 60_000 };
/** The program of a process for which a server is started, and the one for which it is also fetched and compiled. A command that runs one program does neither. */
const START_AT = 2;
const PREPARE_AT = 10;
/** The processors whose system calls the filter knows. */
const PROCESSORS = ['x64', 'arm64'];
const NAMES: Record<ServerKind, string> = { wasm: 'Python in WebAssembly', native: "the machine's own Python" };

export class PythonChoice {
  private readonly servers: Partial<Record<ServerKind, ForkServer>> = {};
  private readonly notBefore: Record<ServerKind, number> = { wasm: 0, native: 0 };
  private readonly told = new Set<string>();
  private programs = 0;
  private starting = false;
  private closed = false;

  /** @throws SandboxRefused when the setting asks for what the level does not allow */
  constructor(
    private readonly setting: PythonBackend,
    private readonly offer: Offer,
    private readonly onNotice: (message: string) => void,
  ) {
    for (const [kind, forced] of [
      ['wasm', 'wasi'],
      ['native', 'host'],
    ] as const) {
      if (setting !== 'auto' && setting !== forced) continue;
      const why = missing(kind, offer);
      if (why === undefined) this.servers[kind] = new ForkServer(kind, offer.bwrap, onNotice);
      else if (setting === forced) throw createFailure('SandboxRefused', `sandbox.python is ${setting}, and ${why}`);
    }
  }

  /** Whether programs with numpy and scipy can be run, as far as is known. */
  get hasNumpy(): boolean {
    return (['wasm', 'native'] as const).some((kind) => this.servers[kind] && Date.now() >= this.notBefore[kind]);
  }

  /**
   * The started server that runs a program; undefined for Pyodide.
   *
   * @throws SandboxRefused, SandboxUnavailable if the setting names a server; under `auto` another runs the program and a notice says why
   */
  async serverFor(code: string): Promise<ForkServer | undefined> {
    if (this.setting === 'pyodide') return undefined;
    if (this.setting === 'auto') {
      if (this.servers.wasm?.isReady) return this.servers.wasm;
      this.programs += 1;
      if (this.programs >= START_AT) void this.startMeanwhile();
      if (!usesNumericPackages(code)) return undefined;
    }
    return this.firstOf(['wasm', 'native']);
  }

  /** The started server that has what a program lacked; undefined if nothing was lacking, or no other server has it. */
  async serverAfter(before: ForkServer | undefined, result: RunResult): Promise<ForkServer | undefined> {
    if (this.setting !== 'auto') return undefined;
    return this.firstOf(kindsWithWhatItLacked(result, before?.kind));
  }

  /** Starts a server before the first program. Under `auto` this fetches nothing. */
  async warm(): Promise<void> {
    if (this.setting === 'auto') await this.startMeanwhile();
    else await (this.servers.wasm ?? this.servers.native)?.open();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(Object.values(this.servers).map((server) => server.close()));
  }

  /** The first server that starts. One that must be compiled comes last, because that takes minutes on a small machine. */
  private async firstOf(kinds: readonly ServerKind[]): Promise<ForkServer | undefined> {
    const late = kinds.includes('wasm') && kinds.length > 1 && this.servers.native && !(await hasWasmEnvironment());
    for (const kind of late ? kinds.slice().reverse() : kinds) {
      const server = await this.open(kind);
      if (server) return server;
    }
    return undefined;
  }

  private async startMeanwhile(): Promise<void> {
    if (this.starting || this.setting !== 'auto' || !this.servers.wasm) return;
    this.starting = true;
    if (this.programs >= PREPARE_AT || (await hasWasmEnvironment())) await this.open('wasm');
    this.starting = false;
  }

  private async open(kind: ServerKind): Promise<ForkServer | undefined> {
    const server = this.servers[kind];
    if (!server) {
      if (kind === 'native') this.tell(kind, missing(kind, this.offer) ?? '');
      return undefined;
    }
    if (this.setting === 'auto' && Date.now() < this.notBefore[kind]) return undefined;
    try {
      await server.open();
      return server;
    } catch (error) {
      if (this.setting !== 'auto') throw error;
      this.notBefore[kind] = Date.now() + PAUSE_MS[kind];
      this.tell(kind, (error as Error).message);
      return undefined;
    }
  }

  private tell(kind: ServerKind, why: string): void {
    if (this.setting !== 'auto' || this.closed || this.told.has(kind)) return;
    this.onNotice(`Programs have to do without ${NAMES[kind]}: ${why}`);
    this.told.add(kind);
  }
}

/** Why this machine cannot have a server. */
function missing(kind: ServerKind, { level, bwrap, missing: why }: Offer): string | undefined {
  const weaker = `the strongest level in use was set to ${level}.`;
  if (kind === 'native')
    return level === 'namespace' && bwrap
      ? undefined
      : `the machine's own Python runs only under bubblewrap: ${why.namespace ?? why.process ?? weaker}`;
  if (level === 'isolate') return `Python in WebAssembly needs level process: ${why.process ?? weaker}`;
  return PROCESSORS.includes(process.arch) ? undefined : `there is no system call filter for ${process.arch}.`;
}

/** What runs Python by these options on this machine, in words. @throws SandboxRefused as `createSandbox` */
export async function describePython({
  python: setting = 'auto',
  require = 'process',
  atMost,
}: SandboxOptions): Promise<string> {
  if (setting === 'pyodide') return 'Pyodide';
  if (setting === 'host') return NAMES.native;
  if (setting === 'wasi') return NAMES.wasm;
  const why = missing('wasm', chooseLevel(require, atMost));
  if (why !== undefined) return `Pyodide, because ${why}`;
  if (await hasWasmEnvironment()) return `${NAMES.wasm}, Pyodide until it has started`;
  return `Pyodide until a worker has run ${PREPARE_AT} programs and compiled ${NAMES.wasm} (npx temporal-husky exec --python wasi does that now)`;
}
