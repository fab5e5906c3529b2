/** What people tell a running solution: `husky approve`, `refuse`, `edit`, `answer`, `hint`, `pause` and `resume`. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError, type Command } from 'commander';
import { asCalled } from '../names/called-as';
import { SolutionHandle } from '../../husky-client';
import type { Decided, Waiting } from '../../contract/people';
import { ProgramError } from '../../process/program-error';
import { oneLine } from '../../trajectory/bounded-text';
import { isJsonObject, parseJson, type JsonObject } from '../../trajectory/json-object';
import { addConnectionOptions, type ConnectionFlags } from '../options/command-config';
import { mustBeReadable } from '../session/encoded-payloads';
import type * as ReplayWorker from '../session/replay-worker';
import { strandedOn } from '../session/stranded';
import { withServer } from '../session/with-server';
import { livePollers } from '../../live-pollers';
import { createTerminal, printable } from '../terminal/terminal';
import { waitingLine } from '../terminal/solution-view';
import { printJson } from '../terminal/output';

const load = createRequire(__filename);

interface PeopleFlags extends ConnectionFlags {
  by?: string;
  step?: string;
  reason?: string;
  to?: string;
  tool?: string;
  program?: string;
  arguments?: JsonObject;
  json?: boolean;
}

/** What every one of them is told. */
interface Said {
  by: string;
  approval?: string;
}

type Tell = (handle: SolutionHandle, said: Said, flags: PeopleFlags, text: string) => Promise<Decided | Waiting>;

interface PeopleCommand {
  /** Of the second argument, where there is one. */
  text?: string;
  description: string;
  /** Whether it is about a step that waits. */
  decides: boolean;
  options?: (command: Command) => void;
  tell: Tell;
}

const withReason = (command: Command) => command.option('--reason <text>', 'why; it stands in the step');

/** By name. */
const PEOPLE_COMMANDS: Record<string, PeopleCommand> = {
  approve: {
    description: 'let the step that waits be carried out',
    decides: true,
    options: withReason,
    tell: (handle, said, flags) => handle.approve({ ...said, ...reasonOf(flags) }),
  },
  refuse: {
    text: '<reason>',
    description: 'keep the step that waits from being carried out; the action generator reads the reason',
    decides: true,
    tell: (handle, said, _, text) => handle.refuse(text, said),
  },
  edit: {
    description: 'change the step that waits, its tool, its program or its arguments',
    decides: true,
    options: (command) =>
      withReason(command)
        .option('--to <step>', 'the step, worded anew')
        .option('--tool <name>', 'the tool that is to carry it out')
        .option('--program <file>', 'the program that is to run (- for standard input)')
        .option('--arguments <json>', 'what the tool is to be called with, such as \'{"town": "Oslo"}\'', jsonObject),
    tell: async (handle, said, { to, tool, program, arguments: made, ...flags }) =>
      handle.edit({
        ...said,
        ...reasonOf(flags),
        step: to,
        tool,
        code: program && (await textOf(program)),
        arguments: made,
      }),
  },
  answer: {
    text: '<answer>',
    description: 'give the result of the step that waits, in the place of its tool',
    decides: true,
    options: withReason,
    tell: (handle, said, flags, text) => handle.answer(text, { ...said, ...reasonOf(flags) }),
  },
  hint: {
    text: '<hint>',
    description: 'tell the action generator something before its next step',
    decides: false,
    tell: (handle, { by }, _, text) => handle.hint(text, { by }),
  },
  pause: {
    description: 'let no further step begin; the step in flight ends',
    decides: false,
    tell: (handle, { by }) => handle.pause({ by }),
  },
  resume: {
    description: 'let a paused solution go on',
    decides: false,
    tell: (handle, { by }) => handle.resume({ by }),
  },
};

/** @param name of the command, such as `approve` */
export function registerPeople(program: Command, name: string): void {
  const { text, description, decides, options, tell } = PEOPLE_COMMANDS[name] as PeopleCommand;
  const command = program
    .command(name)
    .description(description)
    .argument('<id>', 'workflow id, as husky list --waiting shows it');
  if (text) command.argument(text);
  if (decides) command.option('--step <id>', 'which step, such as 1.3 (default: the only one that waits)');
  options?.(command);
  command
    .option('--by <name>', 'who decides, as the step is to say it (default: your name on this machine)')
    .option('--json', 'print the answer of the workflow on standard output');
  addConnectionOptions(command).action((id: string, ...rest: unknown[]) => {
    const said = text ? String(rest[0]) : '';
    return run(id, said, rest[text ? 1 : 0] as PeopleFlags, tell);
  });
}

async function run(id: string, text: string, flags: PeopleFlags, tell: Tell): Promise<void> {
  const { by = ownName(), step, json } = flags;
  await withServer(flags, async (access) => {
    const handle = new SolutionHandle(access.client.workflow.getHandle(id));
    const said = { by, approval: step };
    const send = () => tell(handle, said, flags, text);
    const found = await handle.workflow.describe().catch(() => undefined);
    // Without the solution's codec its history would keep in the clear what the person says.
    for (const value of Object.values(found?.memo ?? {})) mustBeReadable(value, id);
    const stranded = found && (await strandedOn(access.client, found));
    if (stranded) throw new ProgramError(stranded, 1);
    const isAlone =
      found?.status.name === 'RUNNING' && (await livePollers(access.client, found.taskQueue)).length === 0;
    const { withReplayWorker } = load('../session/replay-worker') as typeof ReplayWorker;
    const told = mustBeReadable(isAlone ? await withReplayWorker(access, found.taskQueue, send) : await send(), id);
    if (json) printJson(told);
    else show(told);
    if (isAlone) createTerminal(process.stderr).line(asCalled(`No worker runs, so it goes on with: husky watch ${id}`));
  });
}

/** A container's user may have no entry in the list of users. */
function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trimEnd();
  }
}

function show(told: Decided | Waiting): void {
  const terminal = createTerminal(process.stdout);
  if ('decision' in told) {
    const { approval, decision } = told;
    terminal.line(`${approval.id} is ${decision.kind}: [${approval.tool}] ${printable(oneLine(approval.step, 200))}`);
    return;
  }
  const { approvals, paused, hints } = told;
  const unread = hints > 0 ? `; ${hints === 1 ? 'one hint is' : `${hints} hints are`} read before its next step` : '';
  terminal.line(`${paused ? `It is paused${paused.by ? ` by ${printable(paused.by)}` : ''}` : 'It goes on'}${unread}.`);
  for (const approval of approvals) terminal.line(waitingLine(approval));
}

const reasonOf = ({ reason }: PeopleFlags) => ({ reason });

/** @throws InvalidArgumentError */
function jsonObject(text: string): JsonObject {
  const value = parseJson(text);
  if (isJsonObject(value)) return value;
  throw new InvalidArgumentError('It must be a JSON object, such as {"town": "Oslo"}.');
}

async function textOf(file: string): Promise<string> {
  if (file !== '-') return readFile(file, 'utf8');
  const program = await text(process.stdin);
  if (program.trim() === '') throw new ProgramError('No program came from standard input.', 2);
  return program;
}
