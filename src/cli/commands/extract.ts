/** `husky extract`: a training set for each module from kept trajectories. */
import type { Command } from 'commander';
import { loadPrompts, PROMPT_STYLES, type PromptStyle } from '../../prompts';
import { configuredTools } from '../../training/configured-tools';
import { extract, PAPER_MODULES } from '../../training/extract';
import { loadTokenCounter } from '../../training/token-counter';
import type { TrainingFormat } from '../../training/training-set';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import { ProgramError } from '../../process/program-error';
import { choice, LANGUAGES, listed, named, oneOf, repeated, share, wholeNumber } from '../options/option-values';
import { createTerminal } from '../terminal/terminal';
import { printJson } from '../terminal/output';

interface Flags {
  trajectories: string[];
  out: string;
  style: PromptStyle;
  format: TrainingFormat;
  language: 'javascript' | 'python';
  modules: ModuleName[];
  model?: string;
  tokenizer?: string;
  maxTokens: number;
  devShare: number;
  maxToolShare: number;
  test: string[];
  ngram: number;
  tool: { name: string; description: string }[];
  seed: number;
  includeRejected?: boolean;
  config?: string;
  json?: boolean;
}

export function registerExtract(program: Command): void {
  program
    .command('extract')
    .description('stage 2: a training set for each module from kept trajectories')
    .requiredOption('--trajectories <path...>', 'folders or files of trajectories')
    .requiredOption('--out <folder>', 'folder of the training set and its manifest.json, with statistics')
    .addOption(choice('--style <style>', 'prompts, as inference will send them', PROMPT_STYLES, 'few-shot'))
    .addOption(
      choice(
        '--format <format>',
        'of the rows: text, or messages for the chat template of the base',
        ['prompt-completion', 'conversational'],
        'prompt-completion',
      ),
    )
    .addOption(choice('--language <language>', 'of programs', LANGUAGES, 'javascript'))
    .option('--modules <list>', `of ${MODULES.join(', ')}`, parseModules, [...PAPER_MODULES])
    .option('--model <name>', 'model name, which chooses the wrapping of style husky-v1')
    .option(
      '--tokenizer <path>',
      'of the base, to measure lengths and check borders with: tokenizer.json, model folder or GGUF file (default: an estimate)',
    )
    .option('--max-tokens <n>', 'of prompt and completion', wholeNumber(1), 2048)
    .option('--dev-share <share>', 'of questions held out', share, 0.05)
    .option('--max-tool-share <share>', "no tool fills more of the action generator's examples", share, 1)
    .option('--test <dataset>', 'questions that must not be trained on; may be repeated', repeated(String), [])
    .option(
      '--ngram <n>',
      'words of an n-gram that tells near copies of test questions (0: exact ones only)',
      wholeNumber(0),
      8,
    )
    .option('--tool <name=description>', 'a tool of your own; may be repeated', repeated(parseTool), [])
    .option(
      '--config <file>',
      'configuration whose tools: and mcp: are yours; their schemas teach the module arguments',
    )
    .option('--seed <n>', 'of split and balance', wholeNumber(0), 0)
    .option('--include-rejected', 'train on trajectories that were not kept, too (for ablations)')
    .option('--json', 'print the manifest as JSON')
    .action(async (flags: Flags) => {
      const { style, tokenizer, ngram, test, tool, model, json, config, ...rest } = flags;
      const terminal = createTerminal(process.stderr);
      const tokens = tokenizer === undefined ? undefined : await loadTokenCounter(tokenizer);
      const configured = config === undefined ? [] : await configuredTools(config, (line) => terminal.line(line));
      const { manifest, empty, out } = await extract({
        ...rest,
        prompts: loadPrompts(style),
        tools: [...tool, ...configured],
        testSets: test,
        decontamination: { ngram },
        ...(model === undefined ? {} : { modelNames: Object.fromEntries(MODULES.map((module) => [module, model])) }),
        tokens,
        onProgress: (count) => terminal.status(`${count} trajectories`),
      }).finally(() => tokens?.close?.());
      terminal.status(undefined);
      const { trajectories, rejections, modules } = manifest.statistics;
      terminal.line(`${trajectories.kept} of ${trajectories.read} trajectories kept`);
      for (const [reason, count] of Object.entries(rejections)) terminal.line(`  left out: ${reason} ${count}`);
      for (const [name, { train, dev }] of Object.entries(modules))
        terminal.line(`${name.padEnd(15)} ${train} to train on, ${dev} held out`);
      for (const [name, { mergedBorders = 0, train, dev }] of Object.entries(modules))
        if (mergedBorders > 0)
          terminal.line(
            `${name}: the tokenizer merges the end of the prompt with the beginning of the completion in ${mergedBorders} of ${train + dev} examples. Prompts of --style expert have no such border.`,
          );
      for (const [name, { otherLanguage = 0, train, dev }] of Object.entries(modules))
        if (otherLanguage > 0)
          terminal.line(
            `${name}: ${otherLanguage} of ${train + dev} programs are written in another language than the prompts ask for. --language names theirs.`,
          );
      for (const name of empty) {
        const { dropped = {}, dev = 0 } = modules[name] ?? {};
        const why = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
        if (dev > 0) why.push(`${dev} held out (--dev-share)`);
        terminal.line(`No examples for ${name}: ${why.join(', ') || 'no kept trajectory uses its tool'}.`);
      }
      terminal.line(`Statistics: ${out}/manifest.json`);
      if (json) printJson(manifest);
    });
}

const parseModules = (text: string) => listed(text).map((name) => oneOf(MODULES, 'module', name));

function parseTool(text: string): { name: string; description: string } {
  const [name, description] = named(text) ?? [];
  if (name === undefined || description === undefined)
    throw new ProgramError(`--tool ${text} must be name=description.`, 2);
  return { name, description };
}
