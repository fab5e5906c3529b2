/**
 * Runs in a worker thread: scores what it is sent, one message a verdict, so that the thread can be ended when one takes too long.
 *
 * @module
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { scoreAnswer, type ScoreRequest } from './score';

// The algebra library is a third of a second of compiling, once a machine and not once a run; not in a folder that others can write to.
enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'temporal-husky', 'compiled'));
let isFlushed = false;

parentPort?.on('message', (requests: ScoreRequest[]) => {
  for (const request of requests) parentPort?.postMessage(scoreAnswer(request));
  if (!isFlushed) flushCompileCache();
  isFlushed = true;
});
