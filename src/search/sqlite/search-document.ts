/** The documents of an index. */
import { z } from 'zod';
import { isJsonObject } from '../../trajectory/json-object';

const searchDocumentSchema = z.object({
  /** Subject of the text; a query must name it to find the text. */
  title: z.string().trim().min(1),
  text: z.string().trim().min(1),
  url: z.string().optional(),
  /** Source and licence of the text. */
  source: z.string().optional(),
  license: z.string().optional(),
});

/** Names of the text in published collections and stores of vectors: Pyserini, LangChain, DPR. */
const TEXTS = ['contents', 'content', 'page_content', 'passage', 'body'];

/** A line of a file: its text may have another name, and the file's title stands for one that is absent or empty (BEIR). */
export const documentSchema = (fileTitle: string) =>
  z.preprocess((line) => {
    if (!isJsonObject(line)) return line;
    const text = line.text ?? TEXTS.map((name) => line[name]).find((value) => typeof value === 'string');
    const title = typeof line.title === 'string' && line.title.trim() === '' ? undefined : line.title;
    return { ...line, text, title: title ?? fileTitle };
  }, searchDocumentSchema);

export type SearchDocument = z.infer<typeof searchDocumentSchema>;
