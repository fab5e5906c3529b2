/** Help is printed from the build's description of the commands, and says what the commands themselves would say. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { readQuestion } from '../../src/atlas/reading/read-question';
import { addDescribed, describeCommand, type CommandDescription } from '../../src/cli/help';
import { COMMANDS } from '../../src/cli/names/command-files';
import { createProgram } from '../../src/cli/program';
import { household, type Household } from './command';

jest.setTimeout(120_000);

/** All that `--help` of a command writes, with the text below its options. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];

test.each(Object.keys(COMMANDS))('the described help of %s is its own', (name) => {
  const [own] = createProgram(name).commands;
  if (!own) throw new Error(`${name} registers no command`);
  const stored = JSON.parse(JSON.stringify([describeCommand(own)])) as CommandDescription[];
  const parent = new Command('husky');
  addDescribed(parent, stored);
  const described = parent.commands.flatMap(withSubcommands);
  expect(described.map(helpOf)).toEqual(withSubcommands(own).map(helpOf));
});

test('defaults are shown as they would be given', () => {
  const help = Object.fromEntries(createProgram().commands.map((command) => [command.name(), helpOf(command)]));
  expect(help['worker']).toMatch(/\(default:\s+workflow,tool,action,code,math,query,commonsense\)/);
  expect(help['worker']).toMatch(/\(default:\s+30m\)/);
  expect(help['synthesize']).toMatch(/\(default:\s+0,0\)/);
  expect(help['extract']).toMatch(/may be repeated \(default:\s+none\)/);
  // The description is stored by the build, so it must not name the user who builds.
  expect(help['approve']?.replace(/\s+/g, ' ')).toContain('(default: your name on this machine)');
});

test('questions of the examples are ones that the bundled experts can know', () => {
  const help = createProgram().commands.map(helpOf).join('\n');
  const questions = [...help.matchAll(/"([A-Z][^"\n]+\?)"/g)].map(([, question = '']) => question);
  expect(questions.length).toBeGreaterThan(1);
  for (const question of questions) expect(readQuestion(question)).toMatchObject({ question, isOutside: false });
});

const built = process.env.HUSKY_TEST_BUILD ? describe : describe.skip;

built('in the build (npm test makes it; sources have no description)', () => {
  let home: Household;
  beforeAll(() => (home = household()));
  afterAll(() => home.close());

  /** Runs a command and lists the modules that it loaded: packages by name, own files by path in dist. */
  async function loaded(args: readonly string[]): Promise<string[]> {
    const hook = join(home.folder, 'loaded.cjs');
    writeFileSync(
      hook,
      `process.on('exit', () => process.stderr.write('LOADED ' + JSON.stringify(Object.keys(require.cache)) + '\\n'));`,
    );
    const { err } = await home.run(args, { node: ['-r', hook], env: { TEMPORAL_ADDRESS: '127.0.0.1:9' } });
    const files = JSON.parse(/LOADED (.*)/.exec(err)?.[1] ?? '[]') as string[];
    const names = files.flatMap((file) => {
      const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
      return name ?? /.*\/dist\/(.*)\.js$/.exec(file)?.[1] ?? [];
    });
    return [...new Set(names)].sort();
  }

  test.each([[['--help']], [['--version']], [['help', 'solve']], [['solve', '--help']], [['no-such-command']]])(
    'husky %j loads commander and no command',
    async (args) => {
      expect(await loaded(args)).toEqual([
        'cli/help',
        'cli/main',
        'cli/names/called-as',
        'cli/names/command-files',
        'cli/program',
        'cli/terminal/compile-cache',
        'cli/terminal/first-process',
        'cli/terminal/git-hooks',
        'cli/terminal/log-line',
        'cli/terminal/node-version',
        'cli/terminal/output',
        'cli/terminal/quiet-grpc',
        'commander',
        'files/user-folders',
        'package-version',
        'process/full-disk',
        'process/needed-node',
        'process/program-error',
        'runtime/registered-telemetry',
      ]);
    },
  );

  test.each([[['list']], [['show', 'some-id']]])(
    "husky %j loads Temporal's client, and neither its worker nor a schema nor what asks models",
    async (args) => {
      const names = await loaded(args);
      expect(names).toContain('@temporalio/client');
      for (const needless of ['@temporalio/worker', 'webpack', 'zod', 'undici', 'yaml', 'config', 'worker'])
        expect(names).not.toContain(needless);
    },
  );

  test('words after -- are no request for help', async () => {
    const run = await home.run(['score', '--', '--help']);
    expect(run).toMatchObject({ code: 2, err: expect.stringContaining('--help') as string });
  });
});
