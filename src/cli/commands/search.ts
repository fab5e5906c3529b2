/** `husky search`: shows the search result that a solution would get. */
import type { Command } from 'commander';
import {
  createSearchEngine,
  ENGINE_NAMES,
  type EngineName,
  type SearchConfigInput,
  type SearchResult,
} from '../../search';
import { ProgramError } from '../../process/program-error';
import { readFileConfig } from '../options/command-config';
import { oneOf, wholeNumber } from '../options/option-values';
import { print, printJson, printNote } from '../terminal/output';

interface SearchFlags {
  config?: string;
  engine?: EngineName;
  index?: string;
  limit?: number;
  json?: boolean;
}

export function registerSearch(program: Command): void {
  program
    .command('search')
    .description('ask the search engine; prints the text that a model would be shown')
    .argument('<query...>', 'words; quoting is not needed')
    .option('--config <file>', 'configuration whose search: is used (default: HUSKY_CONFIG, husky.yaml)')
    .option('-e, --engine <name>', `engine in place of the configured one: ${ENGINE_NAMES.join(', ')}`)
    .option('-i, --index <file>', 'index built by husky index')
    .option('-n, --limit <n>', 'results', wholeNumber(1))
    .option('--json', 'print { engine, query, text, results }; text is null when nothing was found')
    .addHelpText('after', '\nExamples:\n  husky search area of Texas\n  husky search --index facts.db -n 3 Texas\n')
    .action(async (words: string[], flags: SearchFlags) => {
      const query = words.join(' ').trim();
      if (query === '') throw new ProgramError('The query is empty; give some words.', 2);
      const engine = await createSearchEngine(settingsOf(flags));
      try {
        const { text, results } = await engine.search(query);
        if (flags.json) {
          printJson({ engine: engine.name, query, text: text ?? null, results });
          if (text === undefined) process.exitCode = 1;
          return;
        }
        if (text === undefined) throw new ProgramError(`${engine.name} found nothing for "${query}".`);
        print(text);
        results.map(originOf).filter(Boolean).forEach(printNote);
      } finally {
        await engine.close?.();
      }
    });
}

function settingsOf({ config, engine, index, limit }: SearchFlags): SearchConfigInput {
  if (engine !== undefined) oneOf(ENGINE_NAMES, 'search engine', engine);
  const configured: SearchConfigInput = readFileConfig({ config })?.search ?? {};
  // Another engine must not get the configured engine's settings, above all not its key.
  const base = engine === undefined || engine === configured.engine ? configured : { limit: configured.limit };
  return {
    ...base,
    ...(engine && { engine }),
    ...(index !== undefined && { engine: 'sqlite' as const, index }),
    ...(limit && { limit }),
  };
}

function originOf({ title, url, source, license }: SearchResult): string {
  const origin = [title, url, source, license].filter(Boolean).join(' · ');
  return origin && `  ${origin}`;
}
