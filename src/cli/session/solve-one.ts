/** One question, followed on the terminal: what `husky solve "question"` does. */
import { newId, wishesOf, type SolveFlags } from '../options/solve-flags';
import { showQuestion } from '../terminal/solution-view';
import { createTerminal } from '../terminal/terminal';
import { followToEnd } from './follow-to-end';
import { withSession, type Session } from './session';

/** @returns the exit code */
export function solveOne(question: string, flags: SolveFlags): Promise<number> {
  return withSession({ flags }, (session) => solveIn(session, question, flags));
}

async function solveIn(session: Session, question: string, flags: SolveFlags): Promise<number> {
  const startedAt = Date.now();
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const id = flags.id ?? newId();
  showQuestion(terminal, question);
  const handle = await session.husky.start(question, {
    ...wishesOf(flags),
    workflowId: id,
    tokens: flags.tokens,
    maxQuestionChars: session.config.limits.maxQuestionChars,
  });
  if (handle.joined)
    terminal.line(terminal.style('dim', `${id} was asked before; --again solves it again once it has ended.`));
  return followToEnd(session, handle, flags, terminal, startedAt);
}
