/** `husky index`: builds a search index from the user's own files. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { asCalled } from '../names/called-as';
import { buildIndex, createEmbedder, embedPassages, type SearchDocument } from '../../search';
import type { EmbeddingConfig } from '../../search/embedding-config';
import { filesOf, isProse, leftOut, READABLE, readDocuments } from '../../search/sqlite/read-documents';
import { readFileConfig } from '../options/command-config';
import { ProgramError } from '../../process/program-error';
import { count } from '../terminal/solution-view';
import { print, printJson, printNote } from '../terminal/output';

interface IndexFlags {
  out: string;
  config?: string;
  embeddings: boolean;
  force?: boolean;
  json?: boolean;
}

export function registerIndex(program: Command): void {
  program
    .command('index')
    .description('build a full-text index from text, Markdown, web pages, tables or JSONL, for search: { index: FILE }')
    .argument(
      '<files...>',
      `files (${READABLE.join(', ')}), or folders of them; JSONL lines are { title, text, url?, source?, license? }`,
    )
    .option('-o, --out <file>', 'index to write', 'husky-index.db')
    .option('-f, --force', 'build again although no document has changed')
    .option(
      '--config <file>',
      'configuration; with search.embeddings each passage gets its embedding (default: HUSKY_CONFIG, husky.yaml)',
    )
    .option('--no-embeddings', 'words alone, whatever the configuration says')
    .option('--json', 'print { path, documents, built }')
    .addHelpText(
      'after',
      '\nExample:\n  husky index notes/*.md facts.jsonl --out facts.db && husky search --index facts.db Texas\n',
    )
    .action(async (files: string[], flags: IndexFlags) => {
      const documents: SearchDocument[] = [];
      const problems: string[] = [];
      const found = files.map(filesOf);
      const others = found.flatMap(({ others }) => others);
      if (others.length > 0) printNote(leftOut(others));
      for (const file of found.flatMap(({ files }) => files)) {
        try {
          const read = await readDocuments(file);
          printNote(`${basename(file)}: ${count(read.length, 'document')}`);
          for (const document of read) documents.push(document);
        } catch (error) {
          problems.push((error as Error).message);
        }
      }
      if (problems.length > 0) throw new ProgramError(`${problems.join('\n')}\nNo index was written.`, 2);
      if (documents.length === 0) throw new ProgramError('The files hold no document; no index was written.', 2);
      const settings = flags.embeddings ? readFileConfig(flags)?.search.embeddings : undefined;
      const built = buildIndex(flags.out, documents, {
        force: flags.force,
        embeddings: settings && (await embedded(documents, settings, flags)),
        ...(found.some(({ files }) => files.some(isProse)) ? { loose: true } : {}),
        onProgress: (done) => printNote(`${done} of ${documents.length} documents indexed`),
      });
      if (flags.json) printJson(built);
      else
        print(
          built.built
            ? asCalled(
                `${built.path}: ${count(built.documents, 'document')}. Ask it with husky search --index ${built.path} QUERY`,
              )
            : `${built.path}: unchanged, ${count(built.documents, 'document')}.`,
        );
    });
}

/** Milliseconds between lines of progress. */
const TOLD_EVERY = 5000;

/** Asks for the embeddings that the index of before lacks. */
async function embedded(documents: SearchDocument[], settings: EmbeddingConfig, { out, force }: IndexFlags) {
  let told = Date.now();
  let before: number | undefined;
  const of = `of ${count(documents.length, 'passage')}`;
  const onProgress = (done: number) => {
    before ??= done;
    if (Date.now() - told < TOLD_EVERY) return;
    told = Date.now();
    printNote(`${done} ${of} have embeddings of ${settings.model}`);
  };
  try {
    return await embedPassages(out, documents, createEmbedder(settings), { force, onProgress });
  } catch (error) {
    const kept = before === undefined ? '' : ' What was embedded is kept: the same command goes on.';
    throw new ProgramError(`${(error as Error).message} No index was written.${kept}`);
  }
}
