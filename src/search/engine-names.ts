/** The names of the search engines; the configuration needs them without the engines (registry.ts). */
export const ENGINE_NAMES = ['sqlite', 'serpapi', 'serper', 'tavily', 'brave', 'exa', 'searxng'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];
