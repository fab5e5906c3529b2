/** `console` as Node prints it. */
import { format } from 'node-inspect-extracted';
import { print } from './ports.mjs';
import { shown } from './reduce.mjs';
import { tableOf } from './table.mjs';

const { apply } = Reflect;
const { slice, replaceAll } = String.prototype;
const { get: mapGet, set: mapSet, delete: mapDelete } = Map.prototype;
const { now } = Date;
const text = String;

let indent = '';
function words(values) {
  const line = apply(format, undefined, values);
  return typeof line === 'string' ? line : '[what cannot be printed]';
}
const indented = (lines) => (indent === '' ? lines : `${indent}${apply(replaceAll, lines, ['\n', `\n${indent}`])}`);
function writer(stream) {
  return (...values) => print(stream, `${indented(words(values))}\n`);
}
const out = writer(1);
const err = writer(2);
const group = (...values) => {
  if (values.length > 0) out(...values);
  indent += '  ';
};
const counts = new Map();
const clocks = new Map();
const labelled = (label) => (label === undefined ? 'default' : text(label));
const count = (label) => {
  const name = labelled(label);
  const times = (apply(mapGet, counts, [name]) ?? 0) + 1;
  apply(mapSet, counts, [name, times]);
  out(`${name}: ${times}`);
};
const elapsed = (label, ...values) => {
  const since = apply(mapGet, clocks, [labelled(label)]);
  if (since !== undefined) out(`${labelled(label)}: ${now() - since}ms`, ...values);
};
export const console = {
  log: out,
  info: out,
  debug: out,
  dir: (value, options) => out('%s', shown(value, options)),
  dirxml: out,
  count,
  countReset: (label) => void apply(mapDelete, counts, [labelled(label)]),
  time: (label) => void apply(mapSet, clocks, [labelled(label), now()]),
  timeLog: elapsed,
  timeEnd: (label) => {
    elapsed(label);
    apply(mapDelete, clocks, [labelled(label)]);
  },
  table: (value, columns) =>
    typeof value === 'object' && value !== null ? out('%s', tableOf(value, columns)) : out(value),
  warn: err,
  error: err,
  trace: err,
  assert: (held, ...values) => void (held || err('Assertion failed', ...values)),
  group,
  groupCollapsed: group,
  groupEnd: () => void (indent = apply(slice, indent, [2])),
};
