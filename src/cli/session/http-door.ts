/** The endpoint and its page on a port, beside the workers of a command. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createEndpoint, type EndpointOptions } from '../../endpoint/create-endpoint';
import { isLoopback } from '../../http/environment-proxy';
import { inAddress, listenHost } from '../../http/listen-host';
import { ProgramError } from '../../process/program-error';
import { listed } from '../options/option-values';
import { count } from '../terminal/solution-view';

export interface HttpDoorOptions extends Omit<EndpointOptions, 'keys'> {
  /** 0 for a free one. */
  port: number;
  host: string;
  /** Takes a free port where the wanted one is taken. @default false */
  anyPort?: boolean;
}

export interface HttpDoor {
  /** Without a path, such as `http://127.0.0.1:8400`. */
  url: string;
  /** Who may ask, in words. */
  access: string;
  close(): void;
}

/**
 * Keys come from HUSKY_SERVE_KEY.
 *
 * @throws ProgramError (2) when others could ask without a key, (3) when nothing can listen there
 */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const { port, host, anyPort, ...endpointOptions } = options;
  const keys = endpointKeys(host);
  return openPort(createEndpoint({ ...endpointOptions, keys }).fetch, keys, { port, host, anyPort });
}

/** @throws ProgramError (3) when nothing can listen there */
export async function openPort(
  fetch: (request: Request) => Response | Promise<Response>,
  keys: readonly string[],
  { port, host, anyPort = false }: Pick<HttpDoorOptions, 'port' | 'host' | 'anyPort'>,
): Promise<HttpDoor> {
  const listen = (wanted: number) =>
    listening(serve({ fetch, port: wanted, hostname: listenHost(host) }) as Server, host, wanted);
  const server = await listen(port).catch((error: unknown) => {
    if (anyPort && error instanceof PortTaken) return listen(0);
    throw error;
  });
  const { port: found } = server.address() as AddressInfo;
  return {
    url: `http://${inAddress(host)}:${found}`,
    access: keys.length === 0 ? 'no key, this machine only' : count(keys.length, 'key'),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** @throws ProgramError (2) when there is no key, and others could reach the host */
export function endpointKeys(host: string): string[] {
  const keys = listed(process.env.HUSKY_SERVE_KEY ?? '').filter(Boolean);
  if (keys.length === 0 && !isLoopback(host))
    throw new ProgramError(
      `Others could ask at ${host}, and there is no key: set HUSKY_SERVE_KEY, or leave out --host.`,
      2,
    );
  return keys;
}

class PortTaken extends ProgramError {}

function listening(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    if (server.listening) resolve(server);
    server.once('listening', () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const reason = taken ? 'the port is taken; choose another with --port' : error.message;
      reject(new (taken ? PortTaken : ProgramError)(`Nothing can listen on ${host}:${port}: ${reason}.`, 3));
    });
  });
}
