/** Chooses the Python of a program: Pyodide in the isolate, or the machine's own with numpy and scipy under bubblewrap. */
import { createFailure } from '../failures';
import { HostServer } from './host-server';
import type { Offer } from './levels';
import { usesHostPackages } from './needed-packages';
import type { PythonBackend } from './sandbox';

/** Milliseconds before a server that could not start is tried again. */
const PAUSE_MS = 60_000;

export class HostChoice {
  private readonly server: HostServer | undefined;
  private notBefore = 0;
  private notified = false;

  /** @throws SandboxRefused when `host` is asked for on a machine without namespaces */
  constructor(
    private readonly setting: PythonBackend,
    private readonly offer: Offer,
    private readonly onNotice: (message: string) => void,
  ) {
    const { level, bwrap, missing } = offer;
    if (level === 'namespace' && bwrap && setting !== 'pyodide') this.server = new HostServer(bwrap, onNotice);
    else if (setting === 'host')
      throw createFailure(
        'SandboxRefused',
        `sandbox.python is host, and the machine's own Python runs only under bubblewrap: ${missing.namespace ?? missing.process ?? `the strongest level in use was set to ${level}.`}`,
      );
  }

  /** Whether programs with numpy and scipy can be run at all. */
  get isOnOffer(): boolean {
    return this.server !== undefined;
  }

  /**
   * The started server that runs a program; undefined for Pyodide.
   *
   * @param lacked whether the program failed in Pyodide because a package is missing
   * @throws SandboxRefused, SandboxUnavailable under `host`; under `auto` Pyodide runs the program and a notice says so
   */
  async serverFor(code: string, lacked = false): Promise<HostServer | undefined> {
    if (this.setting === 'pyodide') return undefined;
    if (this.setting === 'auto' && !lacked && !usesHostPackages(code)) return undefined;
    if (!this.server) {
      this.tell(this.offer.missing.namespace ?? this.offer.missing.process ?? `the level is ${this.offer.level}.`);
      return undefined;
    }
    if (this.setting === 'auto' && Date.now() < this.notBefore) return undefined;
    try {
      await this.server.open();
      return this.server;
    } catch (error) {
      if (this.setting === 'host') throw error;
      this.notBefore = Date.now() + PAUSE_MS;
      this.tell((error as Error).message);
      return undefined;
    }
  }

  /** Starts the server before the first program, if all programs use it. */
  async warm(): Promise<void> {
    if (this.setting === 'host') await this.server?.open();
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  private tell(why: string): void {
    if (!this.notified)
      this.onNotice(
        `A program needs numpy, scipy or another part of the machine's own Python, and has to do without: ${why}`,
      );
    this.notified = true;
  }
}
