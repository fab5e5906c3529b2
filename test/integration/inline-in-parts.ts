/** A workflow of a user's that answers question after question inline, and continues as new within one. */
import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import { runSolutionInParts, type SolveInput } from '../../src/workflows';

export * from '../../src/workflows';

export interface Answered {
  answers: string[];
  steps: number[];
  /** Runs that it took. */
  runs: number;
}

export async function answerAll(
  questions: string[],
  before: Answered = { answers: [], steps: [], runs: 1 },
  unfinished?: SolveInput,
): Promise<Answered> {
  const done = { ...before };
  for (const [at, question] of questions.entries()) {
    const part = await runSolutionInParts((at === 0 && unfinished) || { question });
    if ('unfinished' in part)
      return continueAsNew<typeof answerAll>(questions.slice(at), { ...done, runs: done.runs + 1 }, part.unfinished);
    done.answers = [...done.answers, part.solution.answer];
    done.steps = [...done.steps, part.solution.steps.length];
    if (workflowInfo().continueAsNewSuggested && at + 1 < questions.length)
      return continueAsNew<typeof answerAll>(questions.slice(at + 1), { ...done, runs: done.runs + 1 });
  }
  return done;
}
