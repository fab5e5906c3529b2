/** JSON as servers and Python write it. */
import { parseJson } from '../trajectory/json-object';

/**
 * Comments that keep the connection alive may stand before it; `NaN` and `Infinity`, as Python writes them, become null, and control
 * characters in texts are read as they stand.
 *
 * @throws SyntaxError
 */
export function readJson(text: string): unknown {
  const body = text.replace(/^(?:\s*:[^\n]*\n)+/, '');
  try {
    return JSON.parse(body);
  } catch (error) {
    const repaired = parseJson(
      body.replace(/"(?:[^"\\]|\\[^])*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
        token.startsWith('"')
          ? token.replace(/[\u0000-\u001f]/g, (character) => JSON.stringify(character).slice(1, -1))
          : 'null',
      ),
    );
    if (repaired === undefined) throw error;
    return repaired;
  }
}

/** The same; undefined for what is no JSON. */
export function readJsonOr(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}
