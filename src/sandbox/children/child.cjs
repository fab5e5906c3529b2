'use strict';
/**
 * The life of a sandbox child: prepare, report that it is ready, take one order, give one answer, end.
 * The isolate runs on another thread, so that this thread can always answer, count output and notice that its owner has ended.
 */
const { KeptText } = require('./kept-text.cjs');

/** Milliseconds that an isolate gets to end by itself. */
const GRACE = 250;
/** Milliseconds by which a timer of the isolate may be early. */
const ROUNDING = 5;

/** Thrown by a child whose program has nothing to do before its time is over, as `setTimeout(f, 60000)` has. */
class TimeOver extends Error {}

function serve(prepare) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  // Local time is the same on every machine.
  process.env.TZ = 'UTC';
  const streams = { 1: new KeptText(), 2: new KeptText() };
  let order;
  let answered = false;

  const end = () => process.kill(process.pid, 'SIGKILL');
  const answer = (outcome) => {
    if (answered) return;
    answered = true;
    const line = JSON.stringify({ stdout: streams[1].kept(), stderr: streams[2].kept(), ...outcome });
    process.stdout.write(`${line}\n`, end);
  };
  const print = (stream, text) => {
    if (answered || order === undefined) return;
    if (typeof text !== 'string' || (stream !== 1 && stream !== 2)) return answer({ limit: 'output' });
    streams[stream].add(text);
    if (streams[1].length + streams[2].length > order.outputChars) answer({ limit: 'output' });
  };
  /** The program ends itself. */
  const leave = (code) => {
    const message = `process.exit(${Number(code)})`;
    if (order !== undefined)
      answer(code === 0 ? {} : { error: { name: 'Exit', message, traceback: `Exit: ${message}` } });
  };
  const obey = async (run) => {
    streams[1].keep = streams[2].keep = order.keepChars;
    const startedAt = performance.now();
    setTimeout(() => answer({ limit: 'time' }), order.timeoutMs + GRACE);
    try {
      // A program may have changed its own frame. So only value and error are believed, and no limit but that of memory.
      const { value, error, outOfMemory } = await run(order);
      answer({ value, error, ...(outOfMemory ? { limit: 'memory' } : {}) });
    } catch (error) {
      const text = String(error?.message);
      const over = performance.now() - startedAt >= order.timeoutMs - ROUNDING || order.timeoutMs <= ROUNDING;
      if (error instanceof TimeOver || (/timed out/i.test(text) && over)) answer({ limit: 'time' });
      else if (/memory limit|disposed|out of memory|allocation failed/i.test(text)) answer({ limit: 'memory' });
      else answer({ limit: 'crash', error: { name: 'Crash', message: text.slice(0, 500) } });
    }
  };

  // Parts that Node makes at first use are made before a program waits for them.
  performance.now();
  clearTimeout(setTimeout(end, 1e6));
  process.stdin.on('end', end).on('error', end).on('close', end);
  process.stdout.on('error', end);
  process.on('uncaughtException', () => answer({ limit: 'crash' }));
  process.on('unhandledRejection', () => undefined);
  prepare({ print, leave, onMemory: () => answer({ limit: 'memory' }) }).then(
    (run) => {
      let line = '';
      process.stdin.setEncoding('utf8').on('data', (chunk) => {
        if (order) return;
        line += chunk;
        if (!line.endsWith('\n')) return;
        order = JSON.parse(line);
        line = '';
        void obey(run);
      });
      process.stdout.write('ready\n');
    },
    (error) => {
      process.stderr.write(`${error?.stack ?? error}\n`);
      process.exitCode = 70;
      process.stderr.write('', () => process.exit(70));
    },
  );
}

module.exports = { serve, TimeOver };
