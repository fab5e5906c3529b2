/**
 * The order of test files: those that take a minute or so come first, so that none of them is left running alone at the end. Jest itself
 * knows durations only of files that it ran before on the same machine, which a fresh clone has not.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const LONGEST = [
  'sandbox/attacks',
  'training/miniature',
  'package/examples',
  'endpoint/killed',
  'cli/commands',
  'cli/mistakes',
  'integration/kill-worker',
  'training/pipeline',
  'training/manual',
  'training/synthesize',
  'integration/evaluate',
  'integration/chaos',
  'integration/solve',
  'recipes/real',
  'training/train',
  'integration/evaluate-killed',
  'integration/tokens',
  'cli/mcp',
  'integration/stuck',
  'integration/people',
  'page/page',
  'temporal-server/start-server',
  'scoring/score-hostile',
  'endpoint/away',
  'cli/lost-database',
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
