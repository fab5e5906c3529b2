/** What an attack may not reach, each with a random value: a file, a port, an environment variable. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Canaries {
  /** Puts the canaries' places into an attack. */
  fill(code: string): string;
  /** What of the conditions 1, 2 and 6 is broken, given all that was shown. */
  broken(shown: string): string[];
  close(): Promise<void>;
}

export async function plantCanaries(): Promise<Canaries> {
  const secret = () => `c${randomBytes(12).toString('hex')}`;
  const [inFile, onPort, inEnvironment] = [secret(), secret(), secret()];
  const mark = `m${randomBytes(6).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'husky-canary-'));
  const file = join(folder, 'canary.txt');
  writeFileSync(file, inFile);
  const before = process.env.SECRET_CANARY;
  process.env.SECRET_CANARY = inEnvironment;

  let touched = 0;
  const server = createServer((_request, response) => response.end(onPort)).on('connection', () => (touched += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4').on('message', () => (touched += 1));
  await new Promise<void>((resolve) => datagrams.bind(port, '127.0.0.1', resolve));

  return {
    fill: (code) =>
      code
        .replaceAll('{{CANARY_FILE}}', file)
        .replaceAll('{{CANARY_PORT}}', String(port))
        .replaceAll('{{MARK}}', mark)
        .replaceAll('{{TMP}}', tmpdir()),
    broken: (shown) => [
      ...[inFile, onPort, inEnvironment].filter((value) => shown.includes(value)).map(() => '1: a secret was shown'),
      ...(touched > 0 ? ['2: the listener was reached'] : []),
      ...(readFileSync(file, 'utf8') === inFile ? [] : ['6: the canary file changed']),
      ...[...readdirSync(tmpdir()), ...readdirSync(process.cwd()), ...readdirSync(folder)]
        .filter((name) => name.includes(mark))
        .map(() => '6: a file was left'),
    ],
    close: async () => {
      if (before === undefined) delete process.env.SECRET_CANARY;
      else process.env.SECRET_CANARY = before;
      rmSync(folder, { recursive: true, force: true });
      datagrams.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
