/**
 * `husky show`: print a solution as text, Markdown, HTML or JSON.
 *
 * @module
 */
import type { Command } from 'commander';
import { HuskyClient } from '../client';
import { renderMarkdown } from '../trajectory/render-markdown';
import type { Solution, SolutionProgress } from '../trajectory/step';
import { createHuskyWorkers } from '../worker';
import { CliError } from './cli-error';
import { addConnectionOptions, readConfig, type ConnectionFlags } from './command-config';
import { describeSolution, type FoundSolution } from './find-solution';
import { solutionPage } from './solution-page';
import { showEnd, showQuestion, showStep } from './solution-view';
import { openTemporal, type TemporalAccess } from './temporal-access';
import { createTerminal } from './terminal';
import { livePollers } from './worker-identity';

interface ShowFlags extends ConnectionFlags {
  markdown?: boolean;
  html?: boolean;
  json?: boolean;
}

const QUERY_LIMIT = 15_000;

export function registerShow(program: Command): void {
  const command = program
    .command('show')
    .description('print a solution, ended or still running')
    .argument('<id>', 'workflow id, as husky solve and husky list show it')
    .option('--markdown', 'as Markdown')
    .option('--html', 'as one self-contained HTML page')
    .option('--json', 'as the Solution JSON');
  addConnectionOptions(command).action(async (id: string, flags: ShowFlags) => {
    const access = await openTemporal({
      ...flags,
      config: flags.config ? readConfig(flags).config : undefined,
      onProgress: createTerminal(process.stderr).line,
    });
    try {
      const solution = await readSolution(access, id, flags);
      if (flags.json) process.stdout.write(`${JSON.stringify(solution)}\n`);
      else if (flags.markdown) process.stdout.write(`${renderMarkdown(solution, { maxChars: Infinity })}\n`);
      else if (flags.html) process.stdout.write(solutionPage(solution));
      else showAll(solution);
    } finally {
      await access.close();
    }
  });
}

function showAll(solution: Solution | SolutionProgress): void {
  const terminal = createTerminal(process.stdout);
  showQuestion(terminal, solution.question);
  for (const step of solution.steps) showStep(terminal, step, Infinity);
  showEnd(terminal, solution);
}

/** A completed solution is its workflow's result; any other is asked for, by a worker of this process when nobody else answers. */
async function readSolution(
  access: TemporalAccess,
  id: string,
  flags: ShowFlags,
): Promise<Solution | SolutionProgress> {
  const found = await describeSolution(access, id);
  const handle = new HuskyClient({ client: access.client }).get(id);
  if (found.status === 'COMPLETED') return handle.result();
  const ask = async () => {
    const progress = await access.client.withDeadline(Date.now() + QUERY_LIMIT, () => handle.progress());
    if (!progress) throw new CliError(`The solution ${id} has not begun yet.`, 1);
    return progress;
  };
  if ((await livePollers(access.client, found.taskQueue)).length > 0) return ask();
  return withHistorian(access, found, flags, ask);
}

/** A worker that replays the history to answer the question, and carries out no call. */
async function withHistorian<T>(
  access: TemporalAccess,
  { taskQueue }: FoundSolution,
  flags: ShowFlags,
  body: () => Promise<T>,
): Promise<T> {
  const { config } = readConfig(flags);
  const prefix = taskQueue.replace(/-?husky$/, '');
  const workers = await createHuskyWorkers({
    connection: await access.native(),
    config: { ...config, queues: { mode: 'separate', prefix } },
    roles: ['workflow'],
    namespace: access.namespace,
  });
  const running = workers.run();
  try {
    return await Promise.race([body(), running.then(() => body())]);
  } finally {
    workers.shutdown();
    await running.catch(() => undefined);
  }
}
