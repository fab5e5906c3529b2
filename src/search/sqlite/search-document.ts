/** The documents of an index. */
import { z } from 'zod';
import { isJsonObject } from '../../trajectory/json-object';

const searchDocumentSchema = z.object({
  /** Subject of the text; a query must name it to find the text. Empty where a text has none: its own words find it, loosely. */
  title: z.string().trim(),
  text: z.string().trim().min(1),
  url: z.string().optional(),
  /** Source and licence of the text. */
  source: z.string().optional(),
  license: z.string().optional(),
});

/** Names of the text in published collections and stores of vectors: Pyserini, LangChain, DPR. */
const TEXTS = ['contents', 'content', 'page_content', 'passage', 'body'];

/** A line of a file: its text may have another name. One without a title has none (BEIR): the file is a collection, and no subject. */
export const documentSchema = z.preprocess((line) => {
  if (!isJsonObject(line)) return line;
  const text = line.text ?? TEXTS.map((name) => line[name]).find((value) => typeof value === 'string');
  return { ...line, text, title: line.title ?? '' };
}, searchDocumentSchema);

export type SearchDocument = z.infer<typeof searchDocumentSchema>;
