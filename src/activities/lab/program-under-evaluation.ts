/**
 * The activity of `--system command`: a program answers a question.
 *
 * The worker runs only the program that its owner gave it, never one that a workflow's input names; a worker without a program refuses. So
 * whoever may start workflows cannot run a command of their choice.
 */
import { answerByCommand, type ProgramUnderEvaluation } from '../../evaluation/command-system';
import { createFailure } from '../../failures';
import type { DirectAnswer } from '../../contract/evaluation';
import { withHeartbeat } from '../../runtime/heartbeat';

export interface AnswerByCommandInput {
  /** The program as the run records it; it must be the worker's own. */
  command: string;
  question: string;
}

export type ProgramActivities = ReturnType<typeof createProgramActivities>;

export function createProgramActivities(program?: ProgramUnderEvaluation) {
  return {
    /** @throws ConfigurationInvalid when this worker was not started to run this program */
    answerByCommand: ({ command, question }: AnswerByCommandInput): Promise<DirectAnswer> =>
      withHeartbeat((signal) => {
        if (program?.command !== command)
          throw createFailure(
            'ConfigurationInvalid',
            'This worker does not run the program under evaluation: only npx temporal-husky eval --system command runs it, in its own process.',
          );
        return answerByCommand(program, question, signal);
      }),
  };
}
