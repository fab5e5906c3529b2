/** Processor time of a program in each way: unlike the clock it hardly changes with what else the machine has to do. */
import { createSandbox } from '../../src/sandbox';
import { Child } from '../../src/sandbox/child';
import { javascriptProgram } from '../../src/sandbox/javascript';
import { launch, type Program } from '../../src/sandbox/launch';
import { chooseLevel } from '../../src/sandbox/levels';
import { pythonProgram } from '../../src/sandbox/python-snapshot';
import { usageOf } from '../../src/sandbox/usage';
import { quantile } from './measurement';
import type { Way } from './ways';

const TIMES = 5;
const LIMITS = { keepChars: 4000, outputChars: 4_000_000 };
/** A program that tells how much its own process has used. */
const TELL = 'import resource\nu = resource.getrusage(resource.RUSAGE_SELF)\nprint(u.ru_utime + u.ru_stime)';

/** Milliseconds of user and system time, medians of five. */
export async function processorTimes(huskyV1: Way, onNotice: (message: string) => void): Promise<[string, number][]> {
  const javascript = await javascriptProgram({ ...LIMITS, memoryMb: 128 });
  const python = await pythonProgram({ ...LIMITS, memoryMb: 512 }, onNotice);
  const rows: [string, number][] = [
    ['start of a JavaScript child', await median(() => untilReady(javascript))],
    ['start of a Python child (Pyodide)', await median(() => untilReady(python))],
    ['Husky-v1, trivial program', await median(async () => 1000 * Number(await huskyV1(telling)))],
  ];
  if (chooseLevel('isolate').level === 'namespace') {
    const sandbox = createSandbox({ python: 'host' });
    const forked = async () => 1000 * Number((await sandbox.run({ language: 'python', code: TELL })).stdout);
    rows.push(['python-host, trivial program', await median(forked)]);
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
