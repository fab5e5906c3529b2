/** Values that a pipeline file gives from a round on. */

/** Entries that begin with this round or an earlier one, in the order of the rounds. */
export function upTo<Value>(round: number, byRound: Record<string, Value> = {}): Value[] {
  return Object.entries(byRound).flatMap(([from, value]) => (Number(from) <= round ? [value] : []));
}
