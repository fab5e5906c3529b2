/** Runs in a worker thread and answers each request with one verdict. A thread can be ended when a verdict takes too long. */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { scoreAnswer, type ScoreRequest } from './score';

// Compiling the algebra library takes a third of a second. The cache saves it for later runs, in a folder that only the user can write.
enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'temporal-husky', 'compiled'));
let isFlushed = false;

parentPort?.on('message', (requests: ScoreRequest[]) => {
  for (const request of requests) parentPort?.postMessage(scoreAnswer(request));
  if (!isFlushed) flushCompileCache();
  isFlushed = true;
});
