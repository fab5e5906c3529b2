/** A database that a server has begun to make and left, because the disk was full or it was killed: no server starts on it again. */
import { existsSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** Tables that are made last: those of the server's members, and those of the list of workflows. */
const NEEDED = ['cluster_metadata_info', 'executions_visibility_fts_keyword_list'];

/**
 * Removes it, so that the next server makes it anew. A file that has all tables, or a single workflow, or is no database of a Temporal
 * server, stays as it is.
 */
export function removeHalfMade(file: string): void {
  if (!existsSync(file) || !isHalfMade(file)) return;
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
}

function isHalfMade(file: string): boolean {
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new Database(file);
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const has = (name: string) => tables.some((table) => table.name === name);
    if (NEEDED.every(has) || (tables.length > 0 && !has('namespaces'))) return false;
    return !has('executions') || database.prepare('SELECT 1 FROM executions LIMIT 1').get() === undefined;
  } catch {
    return false;
  } finally {
    database?.close();
  }
}
