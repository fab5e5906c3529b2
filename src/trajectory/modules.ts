/**
 * The modules of Husky: each is a prompt and a model.
 *
 * @module
 */

/**
 * `code-rewrite` and `search-rewrite` make one sentence of a raw result: the commonsense reasoner's second job, or that of models of their
 * own.
 */
export const MODULES = ['action', 'code', 'math', 'query', 'commonsense', 'code-rewrite', 'search-rewrite'] as const;
export type ModuleName = (typeof MODULES)[number];

/** Who has a queue. Rewriting is on the commonsense reasoner's queue, also where it has models of its own. */
export const EXPERTS = ['action', 'code', 'math', 'query', 'commonsense'] as const;
export type Expert = (typeof EXPERTS)[number];

/** On whose queue a module works, and whose model it has where it has none of its own. */
export function expertOf(module: ModuleName): Expert {
  return module === 'code-rewrite' || module === 'search-rewrite' ? 'commonsense' : module;
}

/** The experts asked for, and the rewriters that have models of their own beside the commonsense reasoner's. */
export function chairsOf(
  { models }: { models: Partial<Record<ModuleName, unknown>> },
  experts: readonly Expert[] = EXPERTS,
): ModuleName[] {
  const chosen = new Set<ModuleName>(experts);
  return MODULES.filter((module) => chosen.has(module) || (models[module] && chosen.has(expertOf(module))));
}
