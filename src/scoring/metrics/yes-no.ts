/**
 * Yes or no, by whole words.
 *
 * @module
 */
import type { Metric, Verdict } from '../metric';
import { finalAnswer } from './answer-text';
import { readYesNo } from './plain-text';

export const yesNo: Metric = {
  name: 'yes-no',
  score({ prediction, gold }): Verdict {
    if (prediction === null) return { scores: { em: 0 }, correct: false, reason: 'no prediction' };
    const right = typeof gold === 'boolean' ? gold : readYesNo(String(gold));
    const found = readYesNo(finalAnswer(prediction));
    const correct = found !== undefined && found === right;
    const reason = found === undefined ? 'neither yes nor no' : `read as ${found ? 'yes' : 'no'}`;
    return { scores: { em: correct ? 1 : 0 }, correct, reason };
  },
};
