/**
 * The order of test files: those that take a minute or so come first, so that none of them is left running alone at the end. Jest itself
 * knows durations only of files that it ran before on the same machine, which a fresh clone has not.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const LONGEST = [
  'sandbox/attacks',
  'training/miniature',
  'integration/kill-worker',
  'package/examples',
  'cli/commands',
  'training/synthesize',
  'training/pipeline',
  'training/manual',
  'cli/mistakes',
  'integration/solve',
  'integration/evaluate',
  'training/train',
  'integration/tokens',
  'integration/stuck',
  'integration/chaos',
  'integration/evaluate-killed',
  'endpoint/away',
  'cli/lost-database',
  'cli/mcp',
  'endpoint/killed',
  'integration/people',
  'integration/solve-batch',
];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const at = LONGEST.findIndex((name) => path.replaceAll('\\', '/').endsWith(`test/${name}.test.ts`));
      return at === -1 ? LONGEST.length : at;
    };
    return [...super.sort(tests)].sort((a, b) => place(a) - place(b));
  }
};
