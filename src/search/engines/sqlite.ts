/** The embedded index: the user's own, or the bundled atlas. */
import { atlasDocuments } from '../../atlas';
import { createEmbedder } from '../embedder';
import type { OpenEngine } from '../search-engine';
import { createSqliteEngine } from '../sqlite/sqlite-engine';

export const openSqlite: OpenEngine = ({ index, limit, maxChars, embeddings }, env) => {
  const embedder = embeddings && createEmbedder(embeddings, env);
  if (index !== undefined) return createSqliteEngine({ path: index, limit, maxChars, embedder });
  return createSqliteEngine({ documents: atlasDocuments(), limit, maxChars });
};
