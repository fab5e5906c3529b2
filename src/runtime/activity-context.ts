/** The resources of activities, opened once for each worker process when first needed. */
import type { HuskyConfig } from '../config';
import type { Model } from '../models/model';
import type { Scorer } from '../scoring/scorer';
import type { PromptSet } from '../prompts/prompt';
import type { Sandbox } from '../sandbox/sandbox';
import type { SearchEngine } from '../search/search-engine';
import type { McpServers } from '../tools/mcp/mcp-servers';
import type { DefinedTool } from '../tools/define-tool';
import type { ModuleName } from '../trajectory/modules';
import type { JournalFolder } from './journal-folder';
import type { SolutionCache } from './solution-cache';
import type { SpanText } from './traced-texts';

export interface ActivityContext {
  /** With the tools that are defined in TypeScript. */
  config: HuskyConfig;
  /** Those that this process holds. */
  tools?: readonly DefinedTool[];
  /** For spans; absent where texts are not recorded. */
  texts?: SpanText | undefined;
  prompts: PromptSet;
  /** Opened on first use; the same promise afterwards. @param tool whose arguments are written */
  model(module: ModuleName, tool?: string): Promise<Model>;
  search(): Promise<SearchEngine>;
  sandbox(): Promise<Sandbox>;
  /** Compares the answers of several samples. */
  scorer(): Promise<Scorer>;
  /** The MCP servers of the configuration; each is connected at its first call. */
  mcp?(): Promise<McpServers>;
  /** The journals of `journal: file`. */
  journals(): Promise<JournalFolder>;
  /** Solutions that workflows of this process have announced. */
  solutions: SolutionCache;
  /** Ends model contexts, index and sandbox children. */
  close(): Promise<void>;
}
