/** The schema of a tool's arguments as models are shown it. */

/** JSON in one line, without what tells a model nothing: the dialect, and the bounds that zod gives every whole number. */
export function renderSchema(schema: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(schema, (key, value: unknown) => {
    if (key === '$schema') return undefined;
    const isEdge = value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER;
    return isEdge && (key === 'maximum' || key === 'minimum') ? undefined : value;
  });
}
