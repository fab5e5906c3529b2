/** The search engines by name. A new engine is a file in engines/, a line here and a name in engine-names.ts. */
import { openBrave } from './engines/brave';
import { openExa } from './engines/exa';
import { openSearxng } from './engines/searxng';
import { openSerpapi } from './engines/serpapi';
import { openSerper } from './engines/serper';
import { openSqlite } from './engines/sqlite';
import { openTavily } from './engines/tavily';
import type { EngineName } from './engine-names';
import type { OpenEngine } from './search-engine';

export const ENGINES = {
  sqlite: openSqlite,
  serpapi: openSerpapi,
  serper: openSerper,
  tavily: openTavily,
  brave: openBrave,
  exa: openExa,
  searxng: openSearxng,
} as const satisfies Record<EngineName, OpenEngine>;
