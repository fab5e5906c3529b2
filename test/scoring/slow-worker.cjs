// Stands in for the scoring thread: hangs, waits or exhausts its memory when the prediction asks for it.
const { parentPort } = require('node:worker_threads');

parentPort.on('message', (requests) => {
  for (const { prediction } of requests) {
    if (prediction === 'hang') for (;;);
    if (prediction === 'wait') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500);
    if (prediction === 'exhaust') {
      const kept = [];
      for (;;) kept.push(new Array(100_000).fill({}).map(() => ({ prediction })));
    }
    parentPort.postMessage({ scores: { acc: 1 }, correct: true, reason: `answered ${prediction}` });
  }
});
