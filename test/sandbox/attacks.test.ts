import { spawnSync } from 'node:child_process';
import {
  createSandbox,
  type PythonBackend,
  type Sandbox,
  type SandboxLanguage,
  type SandboxLevel,
} from '../../src/sandbox';
import { chooseLevel } from '../../src/sandbox/levels';
import { plantCanaries, type Canaries } from './canaries';
import { attacks, benign, hasPublicCorpus, type Attack } from './corpus';
import { answersExactly, judge, settles, statedLateMs, watchLoop } from './judge';

/** Enough for an attack to do its harm, and not scaled with load: an attack that is ended earlier is contained all the same. */
const TIMEOUT_MS = 400;
const AT_A_TIME = 2;
const PROCESSES_OF_A_SPARE = 4;
/**
 * For the sake of time every sixth attack and every fourth benign program at the weaker levels, and a benign program after every fourth attack:
 * a start of Pyodide costs most of a second. At the strongest level every attack and every benign program runs.
 */
const WHOLE = process.env.HUSKY_SANDBOX_CORPUS === 'whole';
const WEAKER = WHOLE ? { attackEvery: 1, between: 1, benignEvery: 1 } : { attackEvery: 6, between: 4, benignEvery: 4 };
const STRONGEST = { attackEvery: 1, between: WHOLE ? 1 : 4, benignEvery: 1 };
const offer = chooseLevel('isolate');
const levels = (['isolate', 'process', 'namespace'] as const).filter((level) => rank(level) <= rank(offer.level));
const uv = spawnSync('uv', ['--version']).status === 0;
const table: string[] = [];

interface Setting {
  name: string;
  level: SandboxLevel;
  language: SandboxLanguage;
  python: PythonBackend;
  /** docs/security.md: MiB of the process with a program in it. */
  statedMb: number;
}
const settings: Setting[] = levels.flatMap((level): Setting[] => [
  { name: `${level} javascript`, level, language: 'javascript', python: 'pyodide', statedMb: 300 },
  { name: `${level} python`, level, language: 'python', python: 'pyodide', statedMb: 800 },
]);
// The pages that a program shares with its fork server are counted for each of them.
const hostMb = 250 + AT_A_TIME * (250 + 512);
for (const level of levels.filter((one) => one !== 'isolate'))
  settings.push({ name: `${level} python wasi`, level, language: 'python', python: 'wasi', statedMb: hostMb });
if (offer.level === 'namespace' && uv)
  settings.push({ name: 'python-host', level: 'namespace', language: 'python', python: 'host', statedMb: hostMb });

function rank(level: SandboxLevel): number {
  return ['isolate', 'process', 'namespace'].indexOf(level);
}

beforeAll(() => {
  if (!WHOLE) table.push('the whole corpus at the weaker levels, too: HUSKY_SANDBOX_CORPUS=whole');
  if (!hasPublicCorpus) table.push('public corpus absent (set HUSKY_SHARED to the shared folder): own attacks only');
  for (const [level, why] of Object.entries(offer.missing)) table.push(`${level}: skipped, ${why}`);
  if (!settings.some(({ python }) => python === 'host'))
    table.push(`python-host: skipped, ${uv ? 'it needs level namespace' : 'uv is not installed'}`);
});

afterAll(
  () => void process.stderr.write(`\nSandbox, attacks contained and benign programs exact:\n${table.join('\n')}\n`),
);

describe.each(settings)('$name', ({ name, level, language, python, statedMb }) => {
  let sandbox: Sandbox;
  let canaries: Canaries;

  beforeAll(async () => {
    canaries = await plantCanaries();
    sandbox = createSandbox({ require: 'isolate', atMost: level, concurrency: AT_A_TIME, spares: 1, python });
  });
  afterAll(async () => {
    await sandbox.close();
    await canaries.close();
  });

  it('contains every attack, and benign programs after them are exact', async () => {
    expect(sandbox.level).toBe(level);
    const { attackEvery, between, benignEvery } = level === offer.level ? STRONGEST : WEAKER;
    const programs = benign.filter((one) => one.language === language).filter((_, index) => index % benignEvery === 0);
    const hostile = attacks.filter((one) => one.language === language).filter((_, index) => index % attackEvery === 0);
    // What is made once for the machine is not counted as an attack's time.
    await sandbox.run({ language, code: '0' });
    const startedAt = Date.now();
    const lateness = watchLoop();
    const failures = new Map<string, string[]>();
    const limits: Record<string, number> = {};
    let slow = 0;
    let asked = 0;
    const one = async (attack: Attack, turn: number) => {
      const { broken, result } = await judge(sandbox, attack, canaries, TIMEOUT_MS, statedMb);
      const how = result.ok ? 'ran' : (result.limit ?? 'error');
      limits[how] = (limits[how] ?? 0) + 1;
      if (result.durationMs > TIMEOUT_MS + statedLateMs()) slow += 1;
      if (turn % between === 0) broken.push(...(await answersExactly(sandbox, programs[asked++ % programs.length]!)));
      if (broken.length > 0) failures.set(`${attack.id} (${attack.note})`, broken);
    };
    await inTurns(hostile, one);
    const exact: string[] = [];
    // Those that did not come between attacks.
    await inTurns(
      programs.slice(asked),
      async (program) => void exact.push(...(await answersExactly(sandbox, program))),
    );
    const late = lateness();
    const around = canaries.broken('');
    if (late > 500) around.push(`3: the event loop was late by ${Math.round(late)} ms`);
    if (slow > hostile.length / 10) around.push(`4: ${slow} attacks were ended late`);
    if (!(await settles(2 * PROCESSES_OF_A_SPARE))) around.push('4: processes are left');
    const ends = Object.entries(limits).map(([how, count]) => `${how} ${count}`);
    table.push(
      `${name.padEnd(22)} ${attackEvery > 1 ? 'a sixth: ' : ''}${hostile.length - failures.size}/${hostile.length} attacks (${ends.join(', ')}), ${programs.length - exact.length}/${programs.length} benign, loop late by ${Math.round(late)} ms, ${Math.round((Date.now() - startedAt) / 1000)} s`,
    );
    expect([...failures, ...around, ...exact]).toEqual([]);
  }, 1_800_000);
});

async function inTurns<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const go = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, go));
}
