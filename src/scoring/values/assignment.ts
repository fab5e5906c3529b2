/** One-to-one assignment of rows to columns with the highest total score (H. W. Kuhn, 1955, in the O(n^3) form with potentials). */

export interface Assigned {
  row: number;
  column: number;
  score: number;
}

/** @param scores by rows, all of one length; 0 rows or columns give no pair */
export function bestAssignment(scores: readonly (readonly number[])[]): Assigned[] {
  const [rows, columns] = [scores.length, scores[0]?.length ?? 0];
  if (rows === 0 || columns === 0) return [];
  if (rows > columns) {
    const turned = Array.from({ length: columns }, (_, j) => scores.map((row) => row[j] as number));
    return bestAssignment(turned).map(({ row, column, score }) => ({ row: column, column: row, score }));
  }
  const cost = (i: number, j: number): number => -(scores[i - 1]?.[j - 1] as number);
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1);
  const before = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    let column = 0;
    const least = new Float64Array(columns + 1).fill(Infinity);
    const used = new Uint8Array(columns + 1);
    do {
      used[column] = 1;
      const at = rowOf[column] as number;
      let delta = Infinity;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (used[j]) continue;
        const reduced = cost(at, j) - (rowPotential[at] as number) - (columnPotential[j] as number);
        if (reduced < (least[j] as number)) {
          least[j] = reduced;
          before[j] = column;
        }
        if ((least[j] as number) < delta) {
          delta = least[j] as number;
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (used[j]) {
          rowPotential[rowOf[j] as number]! += delta;
          columnPotential[j]! -= delta;
        } else least[j]! -= delta;
      }
      column = next;
    } while (rowOf[column] !== 0);
    do {
      const previous = before[column] as number;
      rowOf[column] = rowOf[previous] as number;
      column = previous;
    } while (column !== 0);
  }
  const pairs: Assigned[] = [];
  for (let j = 1; j <= columns; j++) {
    const row = (rowOf[j] as number) - 1;
    if (row >= 0) pairs.push({ row, column: j - 1, score: scores[row]?.[j - 1] as number });
  }
  return pairs;
}
