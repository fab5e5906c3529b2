/** Fills texts with named gaps: `Question: {question}`. */

/** @returns a function that fills the gaps; values are inserted unescaped, and gaps in values stay */
export function compileLayout(layout: string): (values: Readonly<Record<string, string>>) => string {
  const parts = layout.split(/\{(\w+)\}/);
  return (values) => parts.map((part, at) => (at % 2 === 0 ? part : (values[part] ?? ''))).join('');
}

/** Names of the gaps, in order. */
export function gapsOf(layout: string): string[] {
  return layout.split(/\{(\w+)\}/).filter((_, at) => at % 2 === 1);
}
