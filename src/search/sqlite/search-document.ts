/**
 * What an index is made of.
 *
 * @module
 */
import { z } from 'zod';

export const searchDocumentSchema = z.object({
  /** What the text is about; a query must name it to find it. */
  title: z.string().trim().min(1),
  text: z.string().trim().min(1),
  url: z.string().optional(),
  /** Where the text comes from, and under which licence. */
  source: z.string().optional(),
  license: z.string().optional(),
});

export type SearchDocument = z.infer<typeof searchDocumentSchema>;
