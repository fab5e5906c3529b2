/**
 * The border of the isolate: values that the child passes in when it starts from the snapshot, and two functions by which text leaves.
 * A program may replace every builtin, so those that are used later are saved while the snapshot is made.
 */
const { apply } = Reflect;
const { slice } = String.prototype;
const { now } = Date;
const number = Number;

export const ports = {
  /** (stream, text) */
  send: undefined,
  /** (code) */
  exit: undefined,
  /** Characters that may be printed. */
  budget: 0,
  /** Characters kept of either end of a value. */
  keepChars: 0,
  /** Random bytes in hexadecimal, which this program alone was given. */
  entropy: '',
  /** Milliseconds of the clock. */
  startedAt: 0,
  /** The program. */
  source: '',
};
const pending = { __proto__: null, 1: '', 2: '' };
let left = 0;
let flushedAt = 0;

export function openPorts(given) {
  Object.assign(ports, given, { startedAt: now() });
  left = ports.budget;
}

export const hasPrinted = () => left !== ports.budget;

export function flush() {
  flushedAt = now();
  for (let stream = 1; stream <= 2; stream += 1) {
    if (pending[stream] === '') continue;
    const whole = pending[stream];
    pending[stream] = '';
    ports.send(stream, whole);
  }
}

export function print(stream, line) {
  if (left < 0) return;
  const shown = line.length > left ? apply(slice, line, [0, left + 1]) : line;
  left -= shown.length;
  pending[stream] += shown;
  if (left < 0 || pending[stream].length > 2048 || now() - flushedAt > 20) flush();
}

/** Ends the program at once: the process is killed, and the loop only waits for that. */
export function leave(code) {
  flush();
  ports.exit(number(code) || 0);
  for (;;);
}

/** The exit handlers, which `process` sets when a program registers one. @returns the exit code */
export const atEnd = { action: undefined };
