/** The embedded index: the user's own, or the bundled atlas. */
import { atlasDocuments } from '../../atlas';
import type { OpenEngine } from '../search-engine';
import { createSqliteEngine } from '../sqlite/sqlite-engine';

export const openSqlite: OpenEngine = ({ index, limit, maxChars }) => {
  if (index !== undefined) return createSqliteEngine({ path: index, limit, maxChars });
  return createSqliteEngine({ documents: atlasDocuments(), limit, maxChars });
};
