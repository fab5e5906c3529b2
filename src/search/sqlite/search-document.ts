/** The documents of an index. */
import { z } from 'zod';

export const searchDocumentSchema = z.object({
  /** Subject of the text; a query must name it to find the text. */
  title: z.string().trim().min(1),
  text: z.string().trim().min(1),
  url: z.string().optional(),
  /** Source and licence of the text. */
  source: z.string().optional(),
  license: z.string().optional(),
});

export type SearchDocument = z.infer<typeof searchDocumentSchema>;
