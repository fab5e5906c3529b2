/**
 * Help without the commands: the build describes each command in `commands.json`, and help is printed from there, so that
 * `husky --help` loads no library that a command needs.
 */
import type { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Option, type Command } from 'commander';

/** What a command's help shows. */
export interface CommandDescription {
  name: string;
  description: string;
  arguments: Described[];
  options: Described[];
  /** Text below the options. */
  after: string;
  /** Whether it does something itself, besides its subcommands. */
  acts: boolean;
  commands: CommandDescription[];
}

interface Described {
  /** An argument as `<id>`, an option as `--limit <n>`. */
  is: string;
  description: string;
  default?: unknown;
  defaultDescription?: string;
  choices?: string[];
  hidden?: boolean;
}

/** The parse came to a command: help was not asked for. */
export class NotHelp extends Error {}

/** Reads off what commander knows of a command. */
export function describeCommand(command: Command): CommandDescription {
  const after: string[] = [];
  // commander emits what addHelpText added; its types don't tell.
  const emitter = command as Command & Pick<EventEmitter, 'emit'>;
  emitter.emit('afterHelp', { error: false, command, write: (text: string) => after.push(text) });
  return {
    name: command.name(),
    description: command.description(),
    arguments: command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
      return { is: argument.required ? `<${name}>` : `[${name}]`, ...described(argument) };
    }),
    options: command.options.map((option) => ({ is: option.flags, hidden: option.hidden, ...described(option) })),
    after: after.join('').replace(/\n$/, ''),
    // commander adds a command `help` to those that only have subcommands.
    acts: !command
      .createHelp()
      .visibleCommands(command)
      .some((one) => one.name() === 'help'),
    commands: command.commands.map(describeCommand),
  };
}

function described(part: Argument | Option): Omit<Described, 'is'> {
  const { description, argChoices: choices, defaultValueDescription: defaultDescription } = part;
  return { description, choices, default: part.defaultValue as unknown, defaultDescription };
}

/** @returns undefined in the sources, which nobody has described */
export function readDescriptions(): CommandDescription[] | undefined {
  try {
    return JSON.parse(readFileSync(join(__dirname, 'commands.json'), 'utf8')) as CommandDescription[];
  } catch {
    return undefined;
  }
}

/** Adds commands that can show their help and nothing else. */
export function addDescribed(parent: Command, descriptions: readonly CommandDescription[]): void {
  for (const { name, description, options, after, acts, commands, ...rest } of descriptions) {
    const command = parent.command(name).description(description);
    for (const argument of rest.arguments)
      command.addArgument(withDefaults(new Argument(argument.is, argument.description), argument));
    for (const option of options)
      command.addOption(withDefaults(new Option(option.is, option.description).hideHelp(option.hidden), option));
    if (after) command.addHelpText('after', after);
    addDescribed(command, commands);
    if (acts)
      command.helpCommand(false).action(() => {
        throw new NotHelp();
      });
  }
}

function withDefaults<Part extends Argument | Option>(part: Part, described: Described): Part {
  part.default(described.default, described.defaultDescription);
  part.argChoices = described.choices;
  return part;
}
