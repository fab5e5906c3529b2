/** Getting the Temporal CLI, with a program in the place of Go and a server in the place of the download. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { ensureTemporalCli, findTemporalCli } from '../../src/temporal-server/find-cli';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'husky-binary-'));
  mkdirSync(join(home, 'bin'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const program = (path: string, text: string) => {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
};
/** Nothing of this machine is found, and no download answers. */
const environment = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: join(home, 'bin'),
  HOME: home,
  XDG_DATA_HOME: join(home, 'data'),
  TEMPORAL_DOWNLOAD_URL: 'http://127.0.0.1:9/',
  ...extra,
});
const built = () => join(home, 'data', 'temporal-husky', 'bin', 'temporal');
/** Counts its calls and builds what it is asked for; `mkdir` and `cp` are the shell's own paths. */
const fakeGo = (extra = '') =>
  program(
    join(home, 'bin', 'go'),
    `echo "$@" >> ${join(home, 'go-calls')}
echo "go: downloading example.com/module v1.0.0" >&2
echo example.com/package >&2
${extra}
printf '#!/bin/sh\\necho temporal version 1.5.1\\n' > "$GOBIN/temporal"
/bin/chmod +x "$GOBIN/temporal"`,
  );
const goCalls = () => readFileSync(join(home, 'go-calls'), 'utf8').trim().split('\n');

test('the named program comes first, then PATH, then Go’s folders, then what was built', () => {
  const env = environment({ GOPATH: join(home, 'gopath') });
  const places = [
    join(home, 'bin'),
    join(home, 'gopath', 'bin'),
    join(home, 'go', 'bin'),
    join(home, 'data', 'temporal-husky', 'bin'),
  ];
  expect(findTemporalCli(env)).toBeUndefined();
  for (const place of places.toReversed()) {
    mkdirSync(place, { recursive: true });
    program(join(place, 'temporal'), 'exit 0');
    expect(findTemporalCli(env)).toBe(join(place, 'temporal'));
  }
  program(join(home, 'mine'), 'exit 0');
  expect(findTemporalCli({ ...env, TEMPORAL_CLI_PATH: join(home, 'mine') })).toBe(join(home, 'mine'));
});

test('it is built with Go when it cannot be downloaded, once, and that is said', async () => {
  fakeGo();
  const lines: string[] = [];
  const get = () => ensureTemporalCli({ env: environment(), onProgress: (line) => lines.push(line) });
  expect(await get()).toBe(built());
  expect(await get()).toBe(built());
  expect(goCalls()).toEqual(['install -v github.com/temporalio/cli/cmd/temporal@v1.5.1']);
  expect(lines.join('\n')).toMatch(
    /trying to download.*\n.*download failed.*\n.*about 7 minutes, once; Ctrl-C is safe.*\n.*is built/,
  );
});

test('two at once take turns, and the second finds what the first has built', async () => {
  fakeGo('/bin/sleep 1');
  const lines: string[] = [];
  const get = () => ensureTemporalCli({ env: environment(), onProgress: (line) => lines.push(line) });
  expect(await Promise.all([get(), get()])).toEqual([built(), built()]);
  expect(goCalls()).toHaveLength(1);
  expect(lines).toContain('Another process is getting the Temporal CLI; waiting for it.');
});

test('a build that fails leaves nothing that could be taken for a program, and the next one may succeed', async () => {
  fakeGo('echo half > "$GOBIN/temporal"; echo "compile: signal: killed" >&2; exit 1');
  const get = () => ensureTemporalCli({ env: environment(), onProgress: () => undefined });
  await expect(get()).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/download failed.*go install: compile: signal: killed.*TEMPORAL_ADDRESS/) as string,
  });
  expect(findTemporalCli(environment())).toBeUndefined();
  expect(readdirSync(join(home, 'data', 'temporal-husky', 'bin'))).toEqual([]);
  fakeGo();
  expect(await get()).toBe(built());
});

test('a download is unpacked whole; what is no archive is not taken for one', async () => {
  const archive = join(home, 'temporal.tar.gz');
  program(join(home, 'temporal'), 'echo downloaded');
  execFileSync('tar', ['-czf', archive, '-C', home, 'temporal']);
  rmSync(join(home, 'temporal'));
  let body = Buffer.from('a page of a proxy');
  let asked = '';
  const server: Server = createServer((request, response) => {
    asked = request.url ?? '';
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = environment({
    PATH: [join(home, 'bin'), process.env.PATH].join(delimiter),
    TEMPORAL_DOWNLOAD_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/latest`,
  });
  // What this machine has itself must not be found.
  env.PATH = env.PATH?.split(delimiter)
    .filter((folder) => !existsSync(join(folder, 'temporal')))
    .join(delimiter);
  program(join(home, 'bin', 'go'), 'exit 1');
  const get = () => ensureTemporalCli({ env, onProgress: () => undefined });
  try {
    await expect(get()).rejects.toThrow(/not the archive that was expected/);
    body = readFileSync(archive);
    expect(await get()).toBe(built());
    expect(execFileSync(built()).toString()).toBe('downloaded\n');
    expect(asked).toMatch(/^\/latest\?platform=(linux|darwin)&arch=(amd64|arm64)$/);
  } finally {
    server.close();
  }
});
