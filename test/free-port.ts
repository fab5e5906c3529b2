/**
 * Ports for servers that are started again, or whose port another program is told before they listen. Systems give connections and
 * listeners without a wish ports from 32768 on (Linux) or 49152 on, so that nobody takes one of these while its server is down.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';

const [FIRST, LAST] = [20_000, 32_000];

/** @returns the first of `count` neighbouring ports of 127.0.0.1 on which nothing listens */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const ports = Array.from({ length: count }, (_, beside) => isFree(port + beside));
    if ((await Promise.all(ports)).every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
