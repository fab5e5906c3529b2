/** Opens what activities work with, from the configuration. */
import { createRequire } from 'node:module';
import { Runtime } from '@temporalio/worker';
import type { ActivityContext } from './activity-context';
import { defaultJournalFolder, JournalFolder } from './journal-folder';
import { SolutionCache } from './solution-cache';
import { tracedModel, tracedSandbox, tracedSearch, type Recording } from './traced-parts';
import { spanTexts } from './traced-texts';
import { tracing } from './tracing';
import { bundledConfig, modelOf, type HuskyConfig } from '../config';
import { expertOf } from '../trajectory/modules';
import { createModel } from '../models';
import type { Model } from '../models/model';
import { configuredPrompts } from '../prompts';
import type { PromptSet } from '../prompts/prompt';
import type * as Mcp from '../tools/mcp/mcp-servers';
import type { DefinedTool } from '../tools/define-tool';
import { withDefinedTools } from './tool-activities';
import { createSandbox } from '../sandbox';
import type { Sandbox } from '../sandbox/sandbox';
import { Scorer } from '../scoring/scorer';
import { readingPrompts } from '../atlas/reading/reading-prompts';
import { createSearchEngine } from '../search';
import type { SearchEngine } from '../search/search-engine';
import { once } from '../process/once';

/** Parts that stand in for what the configuration names: the test kit's scripted model, search and sandbox, or your own; and tools. */
export interface ContextParts {
  /** Tools that this worker holds, made by `defineTool`. */
  tools?: readonly DefinedTool[];
  model?: Model | ((expert: string) => Model);
  search?: SearchEngine;
  sandbox?: Sandbox;
  prompts?: PromptSet;
}

const load = createRequire(__filename);
const warn = (message: string) => Runtime.instance().logger.warn(message);

/** The bundled experts over the bundled atlas get their questions read first. Nothing else knows which names and words these are. */
function promptsOf(config: HuskyConfig): PromptSet {
  const { search, models, tools, mcp } = config;
  const loaded = configuredPrompts(config);
  if (loaded.style !== 'compact' || search.engine !== 'sqlite' || search.index) return loaded;
  const { action } = models;
  const isBundled = action?.provider === 'gguf' && action.path === bundledAction();
  const hasOwnTools = tools.length > 0 || Object.keys(mcp).length > 0;
  return isBundled && !hasOwnTools ? readingPrompts(loaded) : loaded;
}

function bundledAction(): string | undefined {
  const { action } = bundledConfig().models;
  return action?.provider === 'gguf' ? action.path : undefined;
}

interface Part {
  close?(): void | Promise<void>;
}

/** Nothing is opened before its first use, so that a worker of one role pays for that role alone. */
export function openContext(given: HuskyConfig, parts: ContextParts = {}): ActivityContext {
  const config = withDefinedTools(given, parts.tools);
  const opened = new Map<string, Promise<Part>>();
  const part = <T extends Part>(key: string, open: () => T | Promise<T>) =>
    once(opened, key, () => Promise.resolve().then(open)) as Promise<T>;
  const texts = spanTexts(config);
  /** The part itself in a process without OpenTelemetry. */
  const traced = async <T>(opening: Promise<T>, wrap: (recording: Recording, part: T) => T): Promise<T> => {
    const open = tracing();
    return open ? wrap({ tracing: open, texts }, await opening) : opening;
  };
  return {
    config,
    tools: parts.tools ?? [],
    texts,
    solutions: new SolutionCache(texts),
    prompts: parts.prompts ?? promptsOf(config),
    model: (module, tool) => {
      const settings = modelOf(config, module, tool);
      // Arguments are asked of a part of their own: a scripted model has to tell them from sentences.
      const expert = module === 'arguments' ? module : expertOf(module);
      const model = part(`model ${JSON.stringify(settings)}${parts.model ? expert : ''}`, () =>
        typeof parts.model === 'function'
          ? parts.model(expert)
          : (parts.model ?? createModel(settings, { timeoutMs: config.timeouts.modelMs })),
      );
      return traced(model, (recording, plain) =>
        tracedModel(
          recording,
          { module, provider: settings.provider === 'gguf' ? 'llama.cpp' : settings.provider },
          plain,
        ),
      );
    },
    search: () =>
      traced(
        part('search', () => parts.search ?? createSearchEngine(config.search)),
        tracedSearch,
      ),
    sandbox: () => {
      const { language: _, ...options } = config.sandbox;
      const sandbox = part('sandbox', () => parts.sandbox ?? createSandbox({ ...options, onNotice: warn }));
      return traced(sandbox, tracedSandbox);
    },
    scorer: () => part('scorer', () => new Scorer()),
    mcp: () =>
      part('mcp', () => {
        // Loaded where a configuration names servers: the SDK takes its time.
        const { McpServers } = load('../tools/mcp/mcp-servers') as typeof Mcp;
        return new McpServers({ servers: config.mcp });
      }),
    journals: () => part('journals', () => JournalFolder.open(config.journalFolder ?? defaultJournalFolder())),
    close: async () => {
      const parts = await Promise.allSettled(opened.values());
      opened.clear();
      await Promise.all(parts.map((part) => (part.status === 'fulfilled' ? part.value.close?.() : undefined)));
    },
  };
}
