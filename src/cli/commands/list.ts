/**
 * `husky list`: the solutions of a server, newest first.
 *
 * @module
 */
import type { Client } from '@temporalio/client';
import { Option, type Command } from 'commander';
import { oneLine } from '../../trajectory/bounded-text';
import { addConnectionOptions, wholeNumber, type ConnectionFlags } from '../options/command-config';
import { workflowTrouble } from '../../workflow-trouble';
import { listSolutions, SOLUTION_STATUSES, waitingFor } from '../../list-solutions';
import { withServer } from '../session/with-server';
import { createTerminal, printable } from '../terminal/terminal';

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
    .addOption(new Option('--status <status>', 'only these').choices(Object.keys(SOLUTION_STATUSES)))
    .option('--waiting', 'only those that wait for a person, or are paused')
    .option(
      '--json',
      'one JSON object a line: { workflowId, runId, status, startedAt, closedAt?, question?, taskQueue, trouble?, waiting? }',
    );
  addConnectionOptions(command).action(async (flags: ListFlags) => {
    const terminal = createTerminal(process.stdout);
    await withServer(flags, async (access) => {
      const wanted = { status: flags.waiting ? ('running' as const) : flags.status, pageSize: flags.limit };
      let shown = 0;
      for await (const { workflow, question } of listSolutions(access.client.workflow, wanted)) {
        const { workflowId, runId, taskQueue, startTime, closeTime, status } = workflow;
        const waiting = status.name === 'RUNNING' ? waitingFor(workflow.memo) : undefined;
        if (flags.waiting && waiting === undefined) continue;
        const trouble = status.name === 'RUNNING' ? await troubleOf(access.client, workflowId, runId) : undefined;
        if (flags.json) {
          const line = {
            workflowId,
            runId,
            status: status.name,
            startedAt: startTime,
            closedAt: closeTime,
            question,
            taskQueue,
            trouble,
            waiting,
          };
          process.stdout.write(`${JSON.stringify(line)}\n`);
        } else
          terminal.line(
            `${workflowId}  ${status.name.toLowerCase().padEnd(9)}  ${terminal.style('dim', when(startTime))}  ${printable(oneLine(question ?? '', 80))}`,
          );
        if (waiting && !flags.json)
          terminal.line(terminal.style('yellow', `   waits for a person: ${printable(oneLine(waiting, 200))}`));
        if (trouble && !flags.json) terminal.line(terminal.style('yellow', `   ! ${printable(oneLine(trouble, 500))}`));
        shown += 1;
        if (shown === flags.limit) break;
      }
      if (shown === 0 && !flags.json)
        terminal.line(
          flags.waiting
            ? `Nothing waits for a person on the server at ${access.address}.`
            : `No solutions on the server at ${access.address}; ask with husky solve.`,
        );
    });
  });
}

/** Why a running one does not get on. */
function troubleOf({ workflow }: Client, workflowId: string, runId: string): Promise<string | undefined> {
  return workflow
    .getHandle(workflowId, runId)
    .describe()
    .then((description) => workflowTrouble(workflow, description))
    .catch(() => undefined);
}

function when(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}
