/** `console.table` as Node draws it. */
import { getStringWidth, inspect } from 'node-inspect-extracted';

export function tableOf(data, wanted) {
  const shown = (value) =>
    inspect(value, {
      maxArrayLength: 3,
      breakLength: Infinity,
      colors: false,
      depth:
        typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 2 ? -1 : 0,
    });
  const paired = data instanceof Map;
  const listed = paired || data instanceof Set;
  const first = listed ? '(iteration index)' : '(index)';
  const rows = paired
    ? [...data].map(([key, value], i) => [i, value, key])
    : listed
      ? [...data].map((value, i) => [i, value])
      : Object.keys(data).map((key) => [key, data[key]]);
  const columns = new Map();
  const plain = [];
  rows.forEach(([, row], at) => {
    const primitive = row === null || (typeof row !== 'object' && typeof row !== 'function');
    if (primitive || paired) return void (plain[at] = shown(row));
    for (const key of wanted ?? Object.keys(row)) {
      if (!columns.has(key)) columns.set(key, []);
      if (Object.hasOwn(row, key)) columns.get(key)[at] = shown(row[key]);
    }
  });
  const heads = [first, ...(paired ? ['Key'] : []), ...columns.keys(), ...(plain.length > 0 ? ['Values'] : [])];
  const cells = rows.map(([index, , key], at) => [
    String(index),
    ...(paired ? [shown(key)] : []),
    ...[...columns.values()].map((column) => column[at] ?? ''),
    ...(plain.length > 0 ? [plain[at] ?? ''] : []),
  ]);
  const widths = heads.map(
    (head, i) => Math.max(...[head, ...cells.map((row) => row[i])].map((text) => getStringWidth(text))) + 2,
  );
  const bar = (left, between, right) => left + widths.map((width) => '─'.repeat(width)).join(between) + right;
  const line = (texts) =>
    `│${texts.map((text, i) => ` ${text}${' '.repeat(widths[i] - getStringWidth(text) - 1)}`).join('│')}│`;
  return [bar('┌', '┬', '┐'), line(heads), bar('├', '┼', '┤'), ...cells.map(line), bar('└', '┴', '┘')].join('\n');
}
