/** Applies stop strings that the server or the sampler does not know. */

/** The text before the first stop string; undefined when none occurs. */
export function cutAtStop(text: string, stop: readonly string[]): string | undefined {
  const first = Math.min(...stop.map((mark) => text.indexOf(mark)).map((at) => (at < 0 ? Infinity : at)));
  return first === Infinity ? undefined : text.slice(0, first);
}
