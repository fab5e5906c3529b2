/** Keeps secrets out of messages. */

/** Characters of the shortest secret. Replacing shorter values would garble messages. */
const SHORTEST_SECRET = 6;

/** A function that replaces every occurrence of the given secrets, longest first. */
export function createRedactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const values = [...new Set(secrets)]
    .filter((secret): secret is string => secret !== undefined && secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return (text) => values.reduce((kept, secret) => kept.replaceAll(secret, '[secret]'), text);
}
