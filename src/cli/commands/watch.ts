/** `husky watch`: follows a solution, and continues one that was left behind. */
import type { Command } from 'commander';
import { addConnectionOptions } from '../options/command-config';
import { mustBeReadable } from '../session/encoded-payloads';
import type { FollowFlags } from '../options/solve-flags';
import { followToEnd } from '../session/follow-to-end';
import { withSession } from '../session/session';
import { describeSolution } from '../session/find-solution';
import { showQuestion } from '../terminal/solution-view';
import { createTerminal } from '../terminal/terminal';

export function registerWatch(program: Command): void {
  const command = program
    .command('watch')
    .description('follow a solution until it ends; one that was left behind is carried on')
    .argument('<id>', 'workflow id, as husky solve and husky list show it')
    .option('--json', 'print the Solution as JSON on standard output, steps on standard error')
    .option('--tokens', 'show in the status line what a model writes while it writes it');
  addConnectionOptions(command).action(async (id: string, flags: FollowFlags) => {
    process.exitCode = await withSession(
      {
        flags,
        taskQueue: async (access) => {
          const { question, taskQueue, description } = await describeSolution(access, id);
          // Before workers start that could not read it either.
          mustBeReadable(question, id);
          return description.closeTime ? undefined : taskQueue;
        },
      },
      async (session) => {
        const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
        const { question } = await describeSolution(session.access, id);
        if (question) showQuestion(terminal, question);
        const handle = session.husky.get(id);
        if (flags.tokens) await handle.tellTokens();
        return followToEnd(session, handle, flags, terminal);
      },
    );
  });
}
