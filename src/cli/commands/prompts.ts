/**
 * `husky prompts`: what the models are told; the wording of the released checkpoints is imported here.
 *
 * @module
 */
import type { Command } from 'commander';
import { importWording, loadPrompts, PROMPT_STYLES, storeWording, wordingFolder } from '../../prompts';
import type { PromptFields } from '../../prompts/prompt';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { ProgramError } from '../../process/program-error';

const LANGUAGES = ['javascript', 'python'] as const;

interface ShowFlags {
  style: string;
  language: string;
  model?: string;
  question: string;
  step: string;
  json?: boolean;
}

export function registerPrompts(program: Command): void {
  const prompts = program.command('prompts').description('what the models are told: list, show, import');

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
      if (json) return print(JSON.stringify({ folder, hashes }));
      print(`The wording of all ${MODULES.length} modules is exact and now in ${folder}.`);
      print('Use it with "prompts: husky-v1" and "sandbox: { language: python }" in the configuration.');
    });

  prompts
    .command('list')
    .description('the modules and the hash of each prompt, as recorded in every solution')
    .option('-s, --style <style>', PROMPT_STYLES.join(', '), 'few-shot')
    .option('--json', 'print { style, hashes }')
    .action(({ style: named, json }: { style: string; json?: boolean }) => {
      const { style, hashes } = loadPrompts(oneOf(PROMPT_STYLES, 'style', named));
      if (json) return print(JSON.stringify({ style, hashes }));
      for (const module of MODULES) print(`${module.padEnd(15)} ${hashes[module]}`);
    });

  prompts
    .command('show')
    .description('a prompt as a model is sent it')
    .argument('<module>', MODULES.join(', '))
    .option('-s, --style <style>', PROMPT_STYLES.join(', '), 'few-shot')
    .option('-l, --language <language>', `that the code generator writes: ${LANGUAGES.join(', ')}`, 'javascript')
    .option('-m, --model <name>', "model whose wrapping is wanted, in style husky-v1 (e.g. 'tulu-2-7b')")
    .option('-q, --question <text>', 'question', 'QUESTION')
    .option('--step <text>', 'current step', 'STEP')
    .option('--json', 'print { text, messages, stop, maxTokens, temperature }')
    .action((module: string, flags: ShowFlags) => show(oneOf(MODULES, 'module', module), flags));
}

function show(module: ModuleName, flags: ShowFlags): void {
  const style = oneOf(PROMPT_STYLES, 'style', flags.style);
  const fields: PromptFields = {
    question: flags.question,
    history: [],
    step: flags.step,
    code: 'CODE',
    observation: 'RESULT',
    language: style === 'husky-v1' ? 'python' : oneOf(LANGUAGES, 'language', flags.language),
  };
  const prompt = loadPrompts(style).render(module, fields, flags.model);
  print(flags.json ? JSON.stringify(prompt) : prompt.text);
}

function oneOf<Name extends string>(names: readonly Name[], what: string, given: string): Name {
  const name = names.find((known) => known === given);
  if (name === undefined) throw new ProgramError(`There is no ${what} "${given}"; there are ${names.join(', ')}.`, 2);
  return name;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
