/**
 * What activities work with; opened once per worker process, only the parts that its roles need.
 *
 * @module
 */
import type { HuskyConfig } from '../config';
import type { Model } from '../models/model';
import type { PromptSet } from '../prompts/prompt';
import type { Sandbox } from '../sandbox/sandbox';
import type { SearchEngine } from '../search/search-engine';
import type { ModuleName } from '../trajectory/modules';
import type { JournalFolder } from './journal-folder';
import type { SolutionCache } from './solution-cache';

export interface ActivityContext {
  config: HuskyConfig;
  prompts: PromptSet;
  /** Opened on first use; the same promise afterwards. */
  model(module: ModuleName): Promise<Model>;
  search(): Promise<SearchEngine>;
  sandbox(): Promise<Sandbox>;
  /** Where the journals lie with `journal: file`. */
  journals(): Promise<JournalFolder>;
  /** What the workflows of this process have announced. */
  solutions: SolutionCache;
  /** Ends model contexts, index and sandbox children. */
  close(): Promise<void>;
}
