/** `husky doctor`: checks the environment and says what to do about each problem. */
import type { Command } from 'commander';
import { asCalled } from '../names/called-as';
import { addConnectionOptions, type ConnectionFlags } from '../options/command-config';
import { examine, type Finding } from '../session/doctor-checks';
import { createTerminal } from '../terminal/terminal';
import { printJson } from '../terminal/output';

interface DoctorFlags extends ConnectionFlags {
  json?: boolean;
}

const MARKS = { ok: 'green', note: 'yellow', problem: 'red' } as const;

export function registerDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'check Node, Temporal, configuration, models, keys, sandbox and search; exits with 1 when something is wrong',
    )
    .option('--json', 'one JSON object a line: { check, state: "ok"|"note"|"problem", text }');
  addConnectionOptions(command).action(async (flags: DoctorFlags) => {
    const terminal = createTerminal(process.stdout);
    const notes = createTerminal(process.stderr);
    notes.status('looking');
    let problems = 0;
    for await (const finding of examine(flags)) {
      if (finding.state === 'problem') problems += 1;
      if (flags.json) printJson(finding);
      else show(terminal, finding);
    }
    notes.status(undefined);
    if (!flags.json) terminal.line(problems === 0 ? '\nAll is well.' : `\n${problems} to be corrected.`);
    process.exitCode = problems === 0 ? 0 : 1;
  });
}

function show(terminal: ReturnType<typeof createTerminal>, { check, state, text }: Finding): void {
  terminal.line(
    `${terminal.style(MARKS[state], state.padEnd(7))}  ${check.padEnd(13)} ${asCalled(text).replaceAll('\n', `\n${' '.repeat(23)}`)}`,
  );
}
