/**
 * The modules of Husky: each is a prompt and a model.
 *
 * @module
 */

/** `code-rewrite` and `search-rewrite` are the commonsense reasoner's second job: one sentence from a raw result. */
export const MODULES = ['action', 'code', 'math', 'query', 'commonsense', 'code-rewrite', 'search-rewrite'] as const;
export type ModuleName = (typeof MODULES)[number];

/** The five models behind the modules; rewriting is done by the commonsense reasoner's model. */
export const EXPERTS = ['action', 'code', 'math', 'query', 'commonsense'] as const;
export type Expert = (typeof EXPERTS)[number];

export function expertOf(module: ModuleName): Expert {
  return module === 'code-rewrite' || module === 'search-rewrite' ? 'commonsense' : module;
}
