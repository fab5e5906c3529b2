/** Processor time of a program in each way: unlike the clock it hardly changes with what else the machine has to do. */
import { readFileSync } from 'node:fs';
import { createSandbox } from '../../src/sandbox';
import { Child } from '../../src/sandbox/child';
import { javascriptProgram } from '../../src/sandbox/javascript';
import { launch, type Program } from '../../src/sandbox/launch';
import { chooseLevel } from '../../src/sandbox/levels';
import { pythonProgram } from '../../src/sandbox/python-snapshot';
import { usageOf } from '../../src/sandbox/usage';
import { childrenOf } from '../../test/sandbox/judge';
import { quantile } from './measurement';
import type { Way } from './ways';

const TIMES = 5;
const LIMITS = { keepChars: 4000, outputChars: 4_000_000 };
/** A program that tells how much its own process has used. */
const TELL = 'import resource\nu = resource.getrusage(resource.RUSAGE_SELF)\nprint(u.ru_utime + u.ru_stime)';
const TRIVIAL = 'print(6 * 7)';
const FORKS = 100;
const MS_PER_TICK = 10;

/** Milliseconds that the processes below this one have used, those included that have ended. */
function usedBelow(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => {
    const stat = readFileSync(`/proc/${child}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((all, one) => all + one, 0);
    return sum + ticks * MS_PER_TICK + usedBelow(child);
  }, 0);
}

/** Milliseconds of user and system time, medians of five. */
export async function processorTimes(huskyV1: Way, onNotice: (message: string) => void): Promise<[string, number][]> {
  const javascript = await javascriptProgram({ ...LIMITS, memoryMb: 128 });
  const python = await pythonProgram({ ...LIMITS, memoryMb: 512 }, onNotice);
  const rows: [string, number][] = [
    ['start of a JavaScript child', await median(() => untilReady(javascript))],
    ['start of a Python child (Pyodide)', await median(() => untilReady(python))],
    ['Husky-v1, trivial program', await median(async () => 1000 * Number(await huskyV1(telling)))],
  ];
  const { level } = chooseLevel('isolate');
  for (const [title, python] of [
    ['Python in WebAssembly', 'wasi'],
    ...(level === 'namespace' ? [['python-host', 'host'] as const] : []),
  ] as const) {
    const sandbox = createSandbox({ python, onNotice });
    const run = () => sandbox.run({ language: 'python', code: TRIVIAL });
    await run();
    const before = usedBelow(process.pid);
    for (let turn = 0; turn < FORKS; turn += 1) await run();
    rows.push([`${title}, trivial program and its share of the server`, (usedBelow(process.pid) - before) / FORKS]);
    await sandbox.close();
  }
  return rows;
}

const telling = { language: 'python', code: TELL, python: TELL, expected: '' } as const;

async function untilReady(program: Program): Promise<number> {
  const child = new Child(launch(program, chooseLevel('isolate')), { residentMb: 4096, maxOutputChars: 4000 });
  if (!(await child.ready)) throw new Error(`the child did not start: ${child.lastWords}`);
  const usage = await usageOf(child.pid ?? 0);
  child.kill();
  await child.gone;
  return usage?.cpuMs ?? Number.NaN;
}

async function median(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let turn = 0; turn < TIMES; turn += 1) values.push(await measure());
  return quantile(values, 0.5);
}
