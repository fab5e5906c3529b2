/**
 * A mistake of the user's or the surroundings, told in one sentence with what to do.
 *
 * @module
 */

/** Exit codes of the command: 0 success, 1 the work failed, 2 wrong use, 3 the surroundings (server, sandbox) are missing. */
export class ProgramError extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 3 = 1,
  ) {
    super(message);
    this.name = 'ProgramError';
  }
}
