/**
 * What a program costs: our sandbox beside `python3 -c` as Husky-v1 does it, and beside a plain isolate.
 *
 *     npm run bench:sandbox            all of it
 *     npm run bench:sandbox -- quick   fewer repetitions, without the first start
 *     npm run bench:sandbox -- processor   processor time alone
 *     npm run bench:sandbox -- mixed   the mixed programs alone
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type SandboxOptions } from '../../src/sandbox';
import { inTurns, memoryBelow, quantile, rest, together } from './measurement';
import { processorTimes } from './processor-time';
import { mixed, solving, trivialJavascript, trivialPython, withNumpy, type Snippet } from './snippets';
import { asHuskyV1, inPlainIsolate, inSandbox, type Way } from './ways';

const quick = process.argv.includes('quick');
const AT_A_TIME = 2;
const TURNS = 8;
const count = quick ? 40 : 200;
const onNotice = (message: string) => void process.stderr.write(`${message}\n`);
const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
const rows: string[][] = [];
const row = (...cells: string[]) => {
  rows.push(cells);
  process.stderr.write(`${cells.join(' | ')}\n`);
};

async function withSandbox<T>(options: SandboxOptions, work: (way: Way) => Promise<T>): Promise<T> {
  const sandbox = createSandbox({ onNotice, concurrency: AT_A_TIME, ...options });
  try {
    return await work(inSandbox(sandbox));
  } finally {
    await sandbox.close();
  }
}

async function pairs(title: string, snippet: Snippet, options: SandboxOptions, other: [string, Way], times: number) {
  await withSandbox(options, async (ours) => {
    await ours(snippet);
    const [mine = [], theirs = []] = await inTurns(snippet, [ours, other[1]], quick ? Math.ceil(times / 4) : times);
    const [a, b] = [quantile(mine, 0.5), quantile(theirs, 0.5)];
    row(title, ms(a), ms(quantile(mine, 0.95)), `${ms(b)} (${other[0]})`, `${(b / a).toFixed(1)} times`);
  });
}

async function main(): Promise<void> {
  const sandbox = createSandbox();
  const { level } = sandbox;
  await sandbox.close();
  const before = loadavg()[0] ?? 0;
  const v1: [string, Way] = ['Husky-v1', await asHuskyV1(onNotice)];
  for (const [title, used] of await processorTimes(v1[1], onNotice))
    row(`processor time: ${title}`, ms(used), '', '', '');
  if (process.argv.includes('processor')) return report(level, before);
  const wasi = { python: 'wasi' } as const;
  const pyodide = { python: 'pyodide' } as const;
  const host = { python: 'host' } as const;

  if (process.argv.includes('mixed')) {
    await throughput(level, v1);
    return report(level, before);
  }

  await pairs('JavaScript, trivial', trivialJavascript, {}, ['plain isolate', inPlainIsolate], 60);
  await pairs('JavaScript, trivial', trivialJavascript, {}, v1, 12);
  await pairs('Python, trivial', trivialPython, wasi, v1, 20);
  await pairs('Python, sympy solve', solving, wasi, v1, 20);
  await pairs('Pyodide, trivial', trivialPython, pyodide, v1, 20);
  await pairs('Pyodide, sympy solve', solving, pyodide, v1, 20);
  if (level === 'namespace') {
    await pairs('python-host, trivial', trivialPython, host, v1, 20);
    await pairs('python-host, sympy solve', solving, host, v1, 20);
  }

  await throughput(level, v1);
  for (const language of ['javascript', 'python'] as const)
    await withSandbox({ ...pyodide, warm: [language] }, async (ours) => {
      await ours(language === 'python' ? trivialPython : trivialJavascript);
      await rest();
      const { proportional, own } = memoryBelow();
      row(`a spare, ${language}`, `${proportional.toFixed(0)} MB PSS`, '', `${own.toFixed(0)} MB its own`, '');
    });
  for (const [title, options] of [
    ['', wasi],
    ...(level === 'namespace' ? [[', python-host', host] as const] : []),
  ] as const)
    await withSandbox(options, async (ours) => {
      await ours(trivialPython);
      await rest();
      row(`the fork server${title}`, `${memoryBelow().proportional.toFixed(0)} MB PSS`, '', '', '');
    });

  if (!quick) await firstStart();
  report(level, before);
}

/** All ways run an eighth of the programs in turn, so that what else the machine does falls on all of them. */
async function throughput(level: string, v1: [string, Way]): Promise<void> {
  const opened = (
    [
      ['default', {}],
      ['Pyodide', { python: 'pyodide' }],
      ...(level === 'namespace' ? ([['python-host', { python: 'host' }]] as const) : []),
    ] as const
  ).map(([title, options]) => ({ title, sandbox: createSandbox({ onNotice, concurrency: AT_A_TIME, ...options }) }));
  const ways = [
    { title: v1[0], way: v1[1] },
    ...opened.map(({ title, sandbox }) => ({ title, way: inSandbox(sandbox) })),
  ];
  for (const { title, way } of ways.slice(1)) {
    await Promise.all([way(trivialJavascript), way(trivialPython)]);
    // By default programs with numpy wait for the fork server; others would run in Pyodide meanwhile.
    if (title === 'default') await way(withNumpy);
  }
  const seconds = ways.map(() => 0);
  const snippets = mixed(count);
  const size = Math.ceil(count / TURNS);
  for (let from = 0; from < count; from += size)
    for (const [index, { way }] of ways.entries()) {
      await rest();
      seconds[index]! += await together(snippets.slice(from, from + size), way, AT_A_TIME);
    }
  await Promise.all(opened.map(({ sandbox }) => sandbox.close()));
  const [theirs = Number.NaN, ...ours] = seconds;
  for (const [index, mine] of ours.entries())
    row(
      `${count} mixed at ${AT_A_TIME} at a time, ${opened[index]!.title}`,
      `${mine.toFixed(1)} s`,
      '',
      `${theirs.toFixed(1)} s (${v1[0]})`,
      `${(theirs / mine).toFixed(1)} times`,
    );
}

function report(level: string, before: number): void {
  const load = `load ${before.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after`;
  process.stdout.write(
    `${cpus()[0]?.model}, ${availableParallelism()} processors, ${load}, level ${level}, Node ${process.versions.node}\n\n`,
  );
  process.stdout.write(table([['', 'median', '95 %', 'beside it', 'ratio'], ...rows]));
}

/** The first Python program of a machine, and the first of a process on a machine that has the snapshot. */
async function firstStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'husky-bench-'));
  const known = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = folder;
  try {
    for (const python of ['pyodide', 'wasi'] as const)
      for (const title of ['first Python program after install', 'first Python program of a process'])
        await withSandbox({ python, spares: 0 }, async (ours) => {
          const startedAt = performance.now();
          await ours(trivialPython);
          row(`${title}, ${python}`, `${((performance.now() - startedAt) / 1000).toFixed(1)} s`, '', '', '');
        });
  } finally {
    if (known === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = known;
    rmSync(join(folder), { recursive: true, force: true });
  }
}

function table(cells: readonly (readonly string[])[]): string {
  const [head = [], ...body] = cells;
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('');
}

void main();
