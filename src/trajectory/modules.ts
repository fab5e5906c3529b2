/** The modules of Husky: each is a prompt and a model. */

/** Those of the paper, and the rewriters of its commonsense reasoner. */
export const LOOP_MODULES = [
  'action',
  'code',
  'math',
  'query',
  'commonsense',
  'code-rewrite',
  'search-rewrite',
] as const;
export type LoopModule = (typeof LOOP_MODULES)[number];

/**
 * `code-rewrite` and `search-rewrite` make one sentence of a raw result: the commonsense reasoner's second job, or that of models of their
 * own. `arguments` writes the arguments of a tool of the user's own from a step: a third job, or a model's of its own.
 */
export const MODULES = [...LOOP_MODULES, 'arguments'] as const;
export type ModuleName = (typeof MODULES)[number];

/** Who has a queue. Rewriting and writing arguments are on the commonsense reasoner's queue, also where they have models of their own. */
export const EXPERTS = ['action', 'code', 'math', 'query', 'commonsense'] as const;
export type Expert = (typeof EXPERTS)[number];

/** The expert whose queue a module uses, and whose model it uses if it has none of its own. */
export function expertOf(module: ModuleName): Expert {
  return module === 'code-rewrite' || module === 'search-rewrite' || module === 'arguments' ? 'commonsense' : module;
}

/** The experts asked for, and the modules that have models of their own beside the commonsense reasoner's. */
export function chairsOf(
  { models }: { models: Partial<Record<ModuleName, unknown>> },
  experts: readonly Expert[] = EXPERTS,
): ModuleName[] {
  const chosen = new Set<ModuleName>(experts);
  return MODULES.filter((module) => chosen.has(module) || (models[module] && chosen.has(expertOf(module))));
}
