/**
 * The order of test files: those that take a minute or so come first, so that none of them is left running alone at the end. Jest itself
 * knows durations only of files that it ran before on the same machine, which a fresh clone has not.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const LONGEST = [
  'sandbox/attacks',
  'training/miniature',
  'package/examples',
  'cli/commands',
  'integration/kill-worker',
  'training/pipeline',
  'endpoint/killed',
  'training/synthesize',
  'training/manual',
  'integration/evaluate',
  'cli/mistakes',
  'integration/solve',
  'integration/chaos',
  'integration/tokens',
  'integration/stuck',
  'recipes/real',
  'endpoint/away',
  'integration/evaluate-killed',
  'cli/lost-database',
  'training/train',
  'integration/people',
  'scoring/score-hostile',
  'cli/mcp',
  'page/page',
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
