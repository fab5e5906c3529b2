import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/names/command-files';
import { createProgram } from '../../src/cli/program';

const CLI = join(__dirname, '../../src/cli/commands');

test('every file that registers a command is in the table, and every command of the table has a description', () => {
  const registering = readdirSync(CLI).flatMap((file) => {
    const source = readFileSync(join(CLI, file), 'utf8');
    return [...source.matchAll(/^export function (register\w+)\(/gm)].map(
      ([, register]) => `./commands/${file.replace(/\.ts$/, '')} ${register}`,
    );
  });
  const entries = new Set(Object.values(COMMANDS).map((entry) => entry.join(' ')));
  expect([...entries].sort()).toEqual(registering.sort());
  const program = createProgram();
  expect(program.commands.map((command) => command.name()).sort()).toEqual(Object.keys(COMMANDS).sort());
  for (const command of program.commands) expect(command.description()).not.toBe('');
});

test('a command that is called loads no other', () => {
  expect(createProgram('score').commands.map((command) => command.name())).toEqual(['score']);
});
