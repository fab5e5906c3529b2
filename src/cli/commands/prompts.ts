/** `husky prompts`: lists, shows and ejects prompts, and imports the wording of the released checkpoints. */
import type { Command } from 'commander';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import {
  importWording,
  INSTRUCT_FOLDERS,
  loadPrompts,
  PROMPT_STYLES,
  storeWording,
  wordingFolder,
} from '../../prompts';
import type { PromptFields } from '../../prompts/prompt';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { replaceFile } from '../../files/replace-file';
import { ProgramError } from '../../process/program-error';
import { LANGUAGES, oneOf } from '../options/option-values';
import { print, printJson } from '../terminal/output';

const STYLE_HELP = `${PROMPT_STYLES.join(', ')}, or a folder of your own files`;

/** As in "There is no module "x"". */
const known = <Name extends string>(names: readonly Name[], what: string, given: string): Name =>
  oneOf(names, what, given, `"${given}"`);

interface ShowFlags {
  style: string;
  language: string;
  model?: string;
  question: string;
  step: string;
  json?: boolean;
}

export function registerPrompts(program: Command): void {
  const prompts = program.command('prompts').description('the prompts: list, show, eject, import');

  prompts
    .command('import')
    .description('take the wording of the released Husky-v1 checkpoints from your own copy of their repository')
    .argument('<folder>', 'a checkout of github.com/agent-husky/Husky-v1')
    .option('--json', 'print { folder, hashes }')
    .addHelpText(
      'after',
      '\nThe wording is not part of this package. It is read (nothing is run), must be exact, and is kept below' +
        '\n$XDG_CONFIG_HOME/temporal-husky (default ~/.config). Then "prompts: husky-v1" in a configuration uses it.\n' +
        '\nExample:\n  git clone https://github.com/agent-husky/Husky-v1\n  husky prompts import Husky-v1\n',
    )
    .action((from: string, { json }: { json?: boolean }) => {
      const folder = wordingFolder();
      storeWording(importWording(from), folder);
      const { hashes } = loadPrompts('husky-v1');
      if (json) return printJson({ folder, hashes });
      print(`The wording of all ${MODULES.length} modules is exact and now in ${folder}.`);
      print('Use it with "prompts: husky-v1" and "sandbox: { language: python }" in the configuration.');
    });

  prompts
    .command('list')
    .description('the modules and the hash of each prompt, as recorded in every solution')
    .option('-s, --style <style>', STYLE_HELP, 'instruct')
    .option('--json', 'print { style, hashes }')
    .action(({ style: named, json }: { style: string; json?: boolean }) => {
      const { style, hashes } = loadPrompts(styleOf(named));
      if (json) return printJson({ style, hashes });
      for (const module of MODULES) print(`${module.padEnd(15)} ${hashes[module]}`);
    });

  prompts
    .command('eject')
    .description('write our prompt files into a folder of yours, where you may change them')
    .argument('<folder>', 'such as ./prompts')
    .argument('[modules...]', `${MODULES.join(', ')} (default: all)`)
    .option('--json', 'print { folder, files }')
    .addHelpText(
      'after',
      '\nKeep the files that you change and delete the others: what is not in the folder is taken from this package, and\n' +
        'improves with it. Then name the folder in the configuration: prompts: ./prompts\n\n' +
        'Example:\n  husky prompts eject ./prompts action math\n',
    )
    .action((to: string, named: string[], { json }: { json?: boolean }) => {
      const modules = named.map((module) => known(MODULES, 'module', module));
      const files = eject(to, modules.length > 0 ? modules : MODULES);
      if (json) return printJson({ folder: resolve(to), files });
      print(`Written: ${files.join(', ')}, in ${resolve(to)}.`);
      print(`Use them with "prompts: ${isAbsolute(to) || to.startsWith('.') ? to : `./${to}`}" in the configuration.`);
    });

  prompts
    .command('show')
    .description('a prompt as a model is sent it')
    .argument('<module>', MODULES.join(', '))
    .option('-s, --style <style>', STYLE_HELP, 'instruct')
    .option('-l, --language <language>', `that the code generator writes: ${LANGUAGES.join(', ')}`, 'javascript')
    .option('-m, --model <name>', "model whose wrapping is wanted, in style husky-v1 (e.g. 'tulu-2-7b')")
    .option('-q, --question <text>', 'question', 'QUESTION')
    .option('--step <text>', 'current step', 'STEP')
    .option('--json', 'print { text, messages, stop, maxTokens, temperature }')
    .action((module: string, flags: ShowFlags) => show(known(MODULES, 'module', module), flags));
}

function show(module: ModuleName, flags: ShowFlags): void {
  const { style, render } = loadPrompts(styleOf(flags.style));
  const fields: PromptFields = {
    question: flags.question,
    history: [],
    step: flags.step,
    code: 'CODE',
    observation: 'RESULT',
    language: style === 'husky-v1' ? 'python' : known(LANGUAGES, 'language', flags.language),
  };
  const prompt = render(module, fields, flags.model);
  if (flags.json) printJson(prompt);
  else print(prompt.text);
}

function styleOf(given: string): string {
  return /[/\\]/.test(given) ? given : known(PROMPT_STYLES, 'style', given);
}

/** @throws ProgramError before anything is written, where a file of the folder would be replaced */
function eject(folder: string, modules: readonly ModuleName[]): string[] {
  const files = modules.map((module) => `${module}.yaml`);
  const taken = files.find((file) => existsSync(join(folder, file)));
  if (taken !== undefined)
    throw new ProgramError(`${join(folder, taken)} is there already; remove it, or name the modules that you want.`, 2);
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const ours = INSTRUCT_FOLDERS.map((from) => join(from, file)).find((from) => existsSync(from));
    if (ours !== undefined) replaceFile(join(folder, file), readFileSync(ours, 'utf8'));
  }
  return files;
}
