/**
 * Opens what activities work with, from the configuration.
 *
 * @module
 */
import { Runtime } from '@temporalio/worker';
import type { ActivityContext } from './activity-context';
import { defaultJournalFolder, JournalFolder } from './journal-folder';
import { SolutionCache } from './solution-cache';
import { modelOf, type HuskyConfig } from '../config';
import { expertOf } from '../trajectory/modules';
import { createModel } from '../models';
import type { Model } from '../models/model';
import { loadPrompts } from '../prompts';
import type { PromptSet } from '../prompts/prompt';
import { createSandbox } from '../sandbox';
import type { Sandbox } from '../sandbox/sandbox';
import { createSearchEngine } from '../search';
import type { SearchEngine } from '../search/search-engine';

/** Parts that stand in for what the configuration names: the test kit's scripted model, search and sandbox, or your own. */
export interface ContextParts {
  model?: Model | ((expert: string) => Model);
  search?: SearchEngine;
  sandbox?: Sandbox;
  prompts?: PromptSet;
}

const warn = (message: string) => Runtime.instance().logger.warn(message);

/** Nothing is opened before its first use, so that a worker of one role pays for that role alone. */
export function openContext(config: HuskyConfig, parts: ContextParts = {}): ActivityContext {
  const opened = new Map<string, Promise<{ close?(): void | Promise<void> }>>();
  const once = <T extends { close?(): void | Promise<void> }>(key: string, open: () => T | Promise<T>): Promise<T> => {
    let part = opened.get(key) as Promise<T> | undefined;
    if (!part) {
      part = Promise.resolve().then(open);
      opened.set(key, part);
      part.catch(() => opened.delete(key));
    }
    return part;
  };
  return {
    config,
    solutions: new SolutionCache(),
    prompts: parts.prompts ?? loadPrompts(config.prompts),
    model: (module) => {
      const settings = modelOf(config, module);
      const expert = expertOf(module);
      return once(`model ${JSON.stringify(settings)}${parts.model ? expert : ''}`, () =>
        typeof parts.model === 'function'
          ? parts.model(expert)
          : (parts.model ?? createModel(settings, { timeoutMs: config.timeouts.modelMs })),
      );
    },
    search: () => once('search', () => parts.search ?? createSearchEngine(config.search)),
    sandbox: () => {
      const { language: _, ...options } = config.sandbox;
      return once('sandbox', () => parts.sandbox ?? createSandbox({ ...options, onNotice: warn }));
    },
    journals: () => once('journals', () => JournalFolder.open(config.journalFolder ?? defaultJournalFolder())),
    close: async () => {
      const parts = await Promise.allSettled(opened.values());
      opened.clear();
      await Promise.all(parts.map((part) => (part.status === 'fulfilled' ? part.value.close?.() : undefined)));
    },
  };
}
