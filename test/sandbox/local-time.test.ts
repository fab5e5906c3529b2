import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ZONE = '/usr/share/zoneinfo/Asia/Kolkata';
const HOOK = join(__dirname, '../models/typescript-hook.cjs');
/** Runs a command on a machine whose local time is India's: in a mount namespace of its own. */
const inIndia = (command: string, args: string[]) =>
  spawnSync(
    'unshare',
    [
      '-rm',
      'sh',
      '-c',
      `mount -t tmpfs tmpfs /etc && ln -s ${ZONE} /etc/localtime && exec "$@"`,
      'sh',
      command,
      ...args,
    ],
    { encoding: 'utf8', env: { ...process.env, TZ: undefined } },
  );
const offered = existsSync(ZONE) && inIndia('date', ['+%z']).stdout.trim() === '+0530';
if (!offered)
  process.stderr.write('Local time of another machine is not tested: it needs mount namespaces and time zones.\n');

(offered ? it : it.skip).each(['isolate', 'process', 'namespace'])(
  'local time is UTC in both languages where that of the machine is not, at level %s or the strongest below it',
  (level) => {
    const script = `
      const { createSandbox } = require(${JSON.stringify(join(__dirname, '../../src/sandbox'))});
      const sandbox = createSandbox({ require: 'isolate', atMost: ${JSON.stringify(level)}, python: 'pyodide', spares: 0 });
      const codes = {
        javascript: 'console.log(new Date(0).getHours(), Intl.DateTimeFormat().resolvedOptions().timeZone)',
        python: 'import time, datetime\\nprint(datetime.datetime.fromtimestamp(0).hour, time.timezone, time.tzname[0][:3])',
      };
      (async () => {
        console.log(new Date(0).getHours());
        for (const [language, code] of Object.entries(codes)) process.stdout.write((await sandbox.run({ language, code, timeoutMs: 30000 })).stdout);
        await sandbox.close();
      })();`;
    const { stdout, stderr } = inIndia(process.execPath, ['-r', HOOK, '-e', script]);
    expect(stderr).not.toMatch(/Error/);
    expect(stdout.split('\n')).toEqual(['5', '0 UTC', '0 0 UTC', '']);
  },
  300_000,
);
