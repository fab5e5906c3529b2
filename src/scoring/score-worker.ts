/** Runs in a worker thread and answers each request with one verdict. A thread can be ended when a verdict takes too long. */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { userFolder } from '../files/user-folders';
import { scoreAnswer, type ScoreRequest } from './score';

// Compiling the algebra library takes a third of a second. The cache saves it for later runs, in a folder that only the user can write.
enableCompileCache(join(userFolder('cache'), 'compiled'));
let isFlushed = false;

parentPort?.on('message', (requests: ScoreRequest[]) => {
  for (const request of requests) parentPort?.postMessage(scoreAnswer(request));
  if (!isFlushed) flushCompileCache();
  isFlushed = true;
});
