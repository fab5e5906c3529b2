/** An error of the user or the environment: one sentence that says what to do. */

/** Exit codes of the command: 0 success, 1 the work failed, 2 wrong use, 3 a server or the sandbox is missing, 130 left with Ctrl-C. */
export class ProgramError extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 3 | 130 = 1,
  ) {
    super(message);
    this.name = 'ProgramError';
  }
}
