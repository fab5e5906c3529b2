/**
 * Hosts with a wide network between them (network.py), and the programs that run on each.
 *
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Network {
  /** IPv4 address of a host, which only the other hosts reach. */
  address(host: string): string;
  /** The command that runs the given one on a host. */
  on(host: string, command: readonly string[]): string[];
  /** `delay MS`, `loss SHARE`, `cut HOST`, `join HOST`. */
  say(line: string): void;
  stop(): Promise<void>;
}

/** @throws where there is no root, no `ip` or no /dev/net/tun, with what network.py said */
export async function openNetwork(hosts: readonly string[]): Promise<Network> {
  const program = converse(['python3', join(__dirname, 'network.py'), ...hosts]);
  const ready = /^ready (.*)/.exec(await program.next());
  if (!ready?.[1]) throw new Error('The network did not begin with "ready".');
  const made = JSON.parse(ready[1]) as Record<string, { namespace: string; address: string }>;
  const of = (host: string) => {
    const one = made[host];
    if (!one) throw new Error(`There is no host ${host}; there are ${hosts.join(', ')}.`);
    return one;
  };
  return {
    address: (host) => of(host).address,
    on: (host, command) => ['ip', 'netns', 'exec', of(host).namespace, ...command],
    say: (line) => program.say(line),
    stop: () => program.stop(),
  };
}

export interface Conversation {
  say(line: string): void;
  /** The next line of its output. @throws when it has ended, with its last words */
  next(): Promise<string>;
  /** Ends its input and waits for its end. */
  stop(): Promise<void>;
}

/** A program that is spoken with by lines. */
export function converse([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = {}): Conversation {
  const child: ChildProcess = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-3000);
    process.stderr.write(text);
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return {
    say: (line) => void child.stdin?.write(`${line}\n`),
    next: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ${args.join(' ')} has ended: ${complaints}`);
      return value;
    },
    stop: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}
