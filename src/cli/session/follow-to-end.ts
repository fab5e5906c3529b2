/** Shows a solution until it ends, and then where it is kept. For `husky solve` and `husky watch`. */
import { asCalled } from '../names/called-as';
import type { SolutionHandle } from '../../husky-client';
import type { FollowFlags } from '../options/solve-flags';
import { showEnd } from '../terminal/solution-view';
import type { Terminal } from '../terminal/terminal';
import { tellHowToComeBack } from './come-back';
import { followSolution } from './follow';
import { INTERRUPTED } from './interrupt';
import type { Session } from './session';
import { workflowPage } from './temporal-access';
import { printJson } from '../terminal/output';

/**
 * @param startedAt when the question was asked, to show how long the answer took @default it is not shown
 * @returns the exit code: 0 with an answer, 1 without one, 130 when the person has left
 */
export async function followToEnd(
  session: Session,
  handle: SolutionHandle,
  flags: FollowFlags,
  terminal: Terminal,
  startedAt?: number,
): Promise<number> {
  const { access, workers, interrupted, failures } = session;
  const id = handle.workflowId;
  const page = await workflowPage(access, id);
  const fact = (label: string, text: string) => terminal.line(`${terminal.style('dim', label.padEnd(11))}  ${text}`);
  if (page) fact('Temporal UI', `${page}\n`);
  const solution = await followSolution({
    client: access.client,
    handle,
    terminal,
    signal: interrupted,
    failures,
    tokens: flags.tokens,
    taskQueue: workers.host === 'elsewhere' ? workers.taskQueue : undefined,
  });
  if (!solution) {
    const config = flags.config ? ` --config ${flags.config}` : '';
    tellHowToComeBack(`husky watch ${id}${config}`, session, flags);
    return INTERRUPTED;
  }
  showEnd(terminal, solution, startedAt === undefined ? undefined : Date.now() - startedAt);
  if (!flags.ephemeral) {
    fact('Solution', asCalled(`${id}  (husky show ${id})`));
    if (page) fact('Temporal UI', `${page}${access.origin === 'started' ? asCalled('  (while husky dev runs)') : ''}`);
  }
  if (flags.json) printJson(solution);
  return solution.answer === '' ? 1 : 0;
}
