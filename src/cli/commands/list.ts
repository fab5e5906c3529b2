/** `husky list`: the solutions of a server, newest first. */
import { createRequire } from 'node:module';
import type { Command } from 'commander';
import { asCalled } from '../names/called-as';
import { oneLine } from '../../trajectory/bounded-text';
import { addConnectionOptions, readFileConfig, type ConnectionFlags } from '../options/command-config';
import { choice, wholeNumber } from '../options/option-values';
import { troubleOf } from '../../workflow-trouble';
import { listSolutions, questionTold, SOLUTION_STATUSES, waitingFor } from '../../list-solutions';
import { quickList } from '../session/quick-list';
import type * as Access from '../session/temporal-access';
import type { TemporalAccess } from '../session/temporal-access';
import { minuteOf } from '../terminal/solution-view';
import { createTerminal, printable } from '../terminal/terminal';
import { printJson } from '../terminal/output';

const load = createRequire(__filename);

interface ListFlags extends ConnectionFlags {
  limit: number;
  status?: keyof typeof SOLUTION_STATUSES;
  waiting?: boolean;
  json?: boolean;
}

export function registerList(program: Command): void {
  const command = program
    .command('list')
    .description('list solutions, newest first')
    .option('--limit <n>', 'solutions shown', wholeNumber(1), 20)
    .addOption(choice('--status <status>', 'only these', Object.keys(SOLUTION_STATUSES)))
    .option('--waiting', 'only those that wait for a person, or are paused')
    .option(
      '--json',
      'one JSON object a line: { workflowId, runId, status, startedAt, closedAt?, question?, taskQueue, trouble?, waiting? }',
    );
  addConnectionOptions(command).action((flags: ListFlags) => list(flags));
}

async function list(flags: ListFlags): Promise<void> {
  const terminal = createTerminal(process.stdout);
  const wanted = { status: flags.waiting ? ('running' as const) : flags.status, pageSize: flags.limit };
  const { line: onProgress } = createTerminal(process.stderr);
  const began = Date.now();
  const quick = await quickList(flags, wanted, onProgress);
  const waitedMs = quick ? 0 : Date.now() - began;
  // The SDK's client is loaded where there is no quick list, and for what a list does not tell.
  let opened: Promise<TemporalAccess> | undefined;
  const access = () => (opened ??= openServer(flags, waitedMs));
  try {
    let shown = 0;
    for await (const { workflow, question: told } of quick?.solutions ??
      listSolutions((await access()).client.workflow, wanted)) {
      const { workflowId, runId, taskQueue, startTime, closeTime, status } = workflow;
      const waiting = status.name === 'RUNNING' ? waitingFor(workflow.memo) : undefined;
      if (flags.waiting && waiting === undefined) continue;
      const question = told ?? (quick ? await questionTold((await access()).client.workflow, workflow) : undefined);
      const troubled = async () =>
        status.name === 'RUNNING' ? troubleOf((await access()).client.workflow, workflowId, runId) : undefined;
      if (flags.json) {
        const times = { startedAt: startTime, closedAt: closeTime };
        const trouble = await troubled();
        printJson({ workflowId, runId, status: status.name, ...times, question, taskQueue, trouble, waiting });
      } else {
        terminal.line(
          `${workflowId}  ${status.name.toLowerCase().padEnd(9)}  ${terminal.style('dim', minuteOf(startTime))}  ${printable(oneLine(question ?? '', 80))}`,
        );
        if (waiting)
          terminal.line(terminal.style('yellow', `   waits for a person: ${printable(oneLine(waiting, 200))}`));
        const trouble = await troubled();
        if (trouble) terminal.line(terminal.style('yellow', `   ! ${printable(oneLine(asCalled(trouble), 500))}`));
      }
      shown += 1;
      if (shown === flags.limit) break;
    }
    if (shown === 0 && !flags.json) {
      const { address, namespace } = quick ?? (await access());
      const where = `on the server at ${address}${namespace === 'default' ? '' : `, namespace ${namespace}`}`;
      terminal.line(
        flags.waiting
          ? `Nothing waits for a person ${where}.`
          : asCalled(`No solutions ${where}; ask with husky solve.`),
      );
    }
  } finally {
    await quick?.close();
    await (await opened?.catch(() => undefined))?.close();
  }
}

/** With the SDK's client. */
async function openServer(flags: ConnectionFlags, waitedMs: number): Promise<TemporalAccess> {
  const { openTemporal } = load('../session/temporal-access') as typeof Access;
  const { line: onProgress } = createTerminal(process.stderr);
  return openTemporal({ address: flags.address, config: readFileConfig(flags), waitedMs, onProgress });
}
