/** `husky show`: print a solution as text, Markdown, HTML or JSON. */
import { createRequire } from 'node:module';
import type { Command } from 'commander';
import { asCalled } from '../names/called-as';
import type * as RenderSolution from '../../evaluation/report/render-solution';
import { renderMarkdown } from '../../trajectory/render-markdown';
import type { Solution, SolutionProgress } from '../../trajectory/step';
import { addConnectionOptions, type ConnectionFlags } from '../options/command-config';
import { wholeNumber } from '../options/option-values';
import { readSolution } from '../session/read-solution';
import { SolutionHandle } from '../../husky-client';
import { explainError } from '../../explain-error';
import { showEnd, showQuestion, showStep, showWaiting } from '../terminal/solution-view';
import type { TemporalAccess } from '../session/temporal-access';
import { withServer } from '../session/with-server';
import { createTerminal } from '../terminal/terminal';
import { tellWhatHolds } from '../session/what-holds';
import { warnOnce } from '../terminal/warn-once';
import { printJson } from '../terminal/output';

const load = createRequire(__filename);

interface ShowFlags extends ConnectionFlags {
  question?: number;
  markdown?: boolean;
  html?: boolean;
  json?: boolean;
}

export function registerShow(program: Command): void {
  const command = program
    .command('show')
    .description('print a solution, ended or still running')
    .argument('<id>', 'workflow id, as husky solve and husky list show it')
    .option('--question <n>', 'which, of a workflow that holds several', wholeNumber(1))
    .option('--markdown', 'as Markdown')
    .option('--html', 'as one self-contained HTML page')
    .option('--json', 'as the Solution JSON');
  addConnectionOptions(command).action(async (id: string, flags: ShowFlags) => {
    await withServer(flags, async (access) => {
      const solution = await readSolution(access, id, flags.question);
      if (flags.json) printJson(solution);
      else if (flags.markdown) process.stdout.write(`${renderMarkdown(solution, { maxChars: Infinity })}\n`);
      else if (flags.html) {
        const { renderSolutionHtml } = load('../../evaluation/report/render-solution') as typeof RenderSolution;
        process.stdout.write(renderSolutionHtml(solution));
      } else {
        const failure = solution.stopReason === undefined ? await failureOf(access, id) : undefined;
        showAll(solution, failure);
        if (solution.stopReason === undefined && failure === undefined) {
          await showHindrances(access, id);
          await showPeople(access, id);
        }
      }
    });
  });
}

function showAll(solution: Solution | SolutionProgress, failure?: string): void {
  const terminal = createTerminal(process.stdout);
  showQuestion(terminal, solution.question);
  for (const step of solution.steps) showStep(terminal, step, Infinity);
  showEnd(terminal, solution, undefined, failure);
}

/** Why it ended without a result; undefined while it runs. */
async function failureOf({ client }: TemporalAccess, id: string): Promise<string | undefined> {
  const handle = client.workflow.getHandle(id);
  if ((await handle.describe()).status.name === 'RUNNING') return undefined;
  return handle.result().then(
    () => undefined,
    (error: unknown) => explainError(error).message,
  );
}

/** What waits for a person; a workflow that no worker can be asked about is left out. */
async function showPeople({ client }: TemporalAccess, id: string): Promise<void> {
  const terminal = createTerminal(process.stdout);
  const handle = new SolutionHandle(client.workflow.getHandle(id));
  const ask = () => client.withDeadline(Date.now() + 5000, () => handle.waiting());
  const { approvals = [], paused } = (await ask().catch(() => undefined)) ?? {};
  if (paused) terminal.line(terminal.style('yellow', asCalled(`It is paused; husky resume ${id} lets it go on.`)));
  for (const approval of approvals) showWaiting(terminal, approval, id);
}

/** Why a running solution does not get on. */
async function showHindrances({ client }: TemporalAccess, id: string): Promise<void> {
  const tell = warnOnce(createTerminal(process.stdout));
  await tellWhatHolds(client, await client.workflow.getHandle(id).describe(), tell, 0);
}
