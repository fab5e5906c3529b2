/** Yes or no, by whole words. */
import type { Metric, Verdict } from '../metric';
import { readYesNo } from '../values/plain-text';

export const yesNo: Metric = {
  name: 'yes-no',
  none: { em: 0 },
  kindOf: () => 'text',
  score({ answer, gold }): Verdict {
    const right = typeof gold === 'boolean' ? gold : readYesNo(String(gold));
    const found = readYesNo(answer);
    const correct = found !== undefined && found === right;
    const reason = found === undefined ? 'neither yes nor no' : `read as ${found ? 'yes' : 'no'}`;
    return { scores: { em: correct ? 1 : 0 }, correct, reason };
  },
};
