import { createSandbox, type Sandbox, type SandboxLanguage, type SandboxLevel } from '../../src/sandbox';
import { chooseLevel } from '../../src/sandbox/levels';
import { plantCanaries, type Canaries } from './canaries';
import { attacks, benign, hasPublicCorpus, type Attack } from './corpus';
import { answersExactly, judge, settles, slack, watchLoop } from './judge';

const TIMEOUT_MS = 2000;
const AT_A_TIME = 3;
const PROCESSES_OF_A_SPARE = 4;
const offer = chooseLevel('isolate');
const levels = (['isolate', 'process', 'namespace'] as const).filter((level) => rank(level) <= rank(offer.level));
const table: string[] = [];

function rank(level: SandboxLevel): number {
  return ['isolate', 'process', 'namespace'].indexOf(level);
}

beforeAll(() => {
  if (!hasPublicCorpus) table.push('public corpus absent (set HUSKY_SHARED to the shared folder): own attacks only');
  for (const [level, why] of Object.entries(offer.missing)) table.push(`${level}: skipped, ${why}`);
});

afterAll(
  () => void process.stderr.write(`\nSandbox, attacks contained and benign programs exact:\n${table.join('\n')}\n`),
);

describe.each(levels)('at level %s', (level) => {
  let sandbox: Sandbox;
  let canaries: Canaries;

  beforeAll(async () => {
    canaries = await plantCanaries();
    sandbox = createSandbox({ require: 'isolate', atMost: level, concurrency: AT_A_TIME, spares: 1 });
  });
  afterAll(async () => {
    await sandbox.close();
    await canaries.close();
  });

  it.each<SandboxLanguage>(['javascript', 'python'])(
    'every attack in %s is contained, and a benign program after it is exact',
    async (language) => {
      expect(sandbox.level).toBe(level);
      const programs = benign.filter((one) => one.language === language);
      const hostile = attacks.filter((one) => one.language === language);
      const lateness = watchLoop();
      const failures: string[] = [];
      const limits: Record<string, number> = {};
      const one = async (attack: Attack, turn: number) => {
        const { broken, result } = await judge(sandbox, attack, canaries, TIMEOUT_MS * slack());
        const how = result.ok ? 'ran' : (result.limit ?? 'error');
        limits[how] = (limits[how] ?? 0) + 1;
        broken.push(...(await answersExactly(sandbox, programs[turn % programs.length]!)));
        for (const what of broken) failures.push(`${attack.id} (${attack.note}): ${what}`);
      };
      await inTurns(hostile, one);
      const exact: string[] = [];
      await inTurns(programs, async (program) => void exact.push(...(await answersExactly(sandbox, program))));
      const late = lateness();
      if (late > 500) failures.push(`3: the event loop was late by ${Math.round(late)} ms`);
      if (!(await settles(2 * PROCESSES_OF_A_SPARE))) failures.push('4: processes are left');
      failures.push(...canaries.broken(''));
      const ends = Object.entries(limits).map(([how, count]) => `${how} ${count}`);
      table.push(
        `${level.padEnd(10)} ${language.padEnd(11)} ${hostile.length - new Set(failures.map((line) => line.split(' ')[0])).size}/${hostile.length} attacks (${ends.join(', ')}), ${programs.length - exact.length}/${programs.length} benign, loop late by ${Math.round(late)} ms`,
      );
      expect([...failures, ...exact]).toEqual([]);
    },
    60 * 60_000,
  );
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
