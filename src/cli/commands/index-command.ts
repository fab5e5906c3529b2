/** `husky index`: builds a search index from the user's own files. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { asCalled } from '../names/called-as';
import { buildIndex, type SearchDocument } from '../../search';
import { filesOf, isProse, leftOut, READABLE, readDocuments } from '../../search/sqlite/read-documents';
import { ProgramError } from '../../process/program-error';
import { count } from '../terminal/solution-view';
import { print, printJson, printNote } from '../terminal/output';

interface IndexFlags {
  out: string;
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
      const built = buildIndex(flags.out, documents, {
        force: flags.force,
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
