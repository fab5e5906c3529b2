/**
 * Runs in a worker thread: scores what it is sent, one message a verdict, so that the thread can be ended when one takes too long.
 *
 * @module
 */
import { parentPort } from 'node:worker_threads';
import { scoreAnswer, type ScoreRequest } from './score';

parentPort?.on('message', (requests: ScoreRequest[]) => {
  for (const request of requests) parentPort?.postMessage(scoreAnswer(request));
});
