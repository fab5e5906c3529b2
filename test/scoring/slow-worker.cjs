// Stands in for the scoring thread: hangs or exhausts its memory when the prediction asks for it.
const { parentPort } = require('node:worker_threads');

parentPort.on('message', (requests) => {
  for (const { prediction } of requests) {
    if (prediction === 'hang') for (;;);
    if (prediction === 'exhaust') {
      const kept = [];
      for (;;) kept.push(new Array(100_000).fill({}).map(() => ({ prediction })));
    }
    parentPort.postMessage({ scores: { acc: 1 }, correct: true, reason: `answered ${prediction}` });
  }
});
