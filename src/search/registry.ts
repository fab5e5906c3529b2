/** The search engines by name. A new engine is a file in engines/ and a line here. */
import { openBrave } from './engines/brave';
import { openExa } from './engines/exa';
import { openSearxng } from './engines/searxng';
import { openSerpapi } from './engines/serpapi';
import { openSerper } from './engines/serper';
import { openSqlite } from './engines/sqlite';
import { openTavily } from './engines/tavily';
import type { OpenEngine } from './search-engine';

export const ENGINES = {
  sqlite: openSqlite,
  serpapi: openSerpapi,
  serper: openSerper,
  tavily: openTavily,
  brave: openBrave,
  exa: openExa,
  searxng: openSearxng,
} as const satisfies Record<string, OpenEngine>;

export type EngineName = keyof typeof ENGINES;

export const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];
