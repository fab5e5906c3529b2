/** Whether a worker lives and whether it is ready, over HTTP, for whoever runs it: `/livez` and `/readyz`, as Kubernetes asks. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inAddress, listenHost } from '../../http/listen-host';
import { ProgramError } from '../../process/program-error';

export interface HealthOptions {
  /** 0 takes a free one. */
  port: number;
  /** Address of this machine to listen at; `::` for all, those of IPv4 too. @default '127.0.0.1' */
  host?: string;
}

/** Reasons why the worker is not ready, each a sentence; none when it is. */
export type ReadinessCheck = () => Promise<string[]>;

export interface HealthServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** From now on readiness is what this finds. It is asked once for probes that come within five seconds of each other. */
  follow(check: ReadinessCheck): void;
  /** From now on the worker lives, but takes no work. */
  end(reason: string): void;
  close(): Promise<void>;
}

/** Milliseconds for which a finding holds. */
const KEPT_MS = 5000;

/** @throws ProgramError (2) when the port cannot be had */
export async function openHealth({ port, host = '127.0.0.1' }: HealthOptions): Promise<HealthServer> {
  let check: ReadinessCheck = async () => ['The worker is starting.'];
  let found: { reasons: Promise<string[]>; until: number } | undefined;
  const reasons = () => {
    if (!found || found.until < Date.now()) {
      const asked = check().catch((error: unknown) => [`Readiness cannot be told: ${(error as Error).message}`]);
      found = { reasons: asked, until: Date.now() + KEPT_MS };
    }
    return found.reasons;
  };
  const follow = (next: ReadinessCheck) => {
    check = next;
    found = undefined;
  };

  const http = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        .end(request.method === 'HEAD' ? undefined : `${JSON.stringify(body)}\n`);
    // Whoever reaches the port may send a path that is none, such as `//`.
    const pathname = URL.parse(request.url ?? '/', 'http://localhost')?.pathname;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      answer(405, { error: 'Only GET and HEAD are answered.' });
    else if (pathname === '/livez') answer(200, { alive: true });
    else if (pathname === '/readyz')
      void reasons().then((why) => answer(why.length === 0 ? 200 : 503, { ready: why.length === 0, reasons: why }));
    else answer(404, { error: 'There are /livez and /readyz.' });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) =>
      reject(
        new ProgramError(
          `Health cannot be served at ${host}:${port} (${error.message}). Choose another --health-port or --health-host.`,
          2,
        ),
      ),
    );
    http.listen(port, listenHost(host), resolve);
  });
  const { port: taken } = http.address() as AddressInfo;
  return {
    url: `http://${inAddress(host)}:${taken}`,
    follow,
    end: (reason) => follow(async () => [reason]),
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
