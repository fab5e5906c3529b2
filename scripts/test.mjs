/**
 * `npm test`: all the set-up of a fresh clone, then every check, side by side where they do not need each other.
 * The last line is `N passed, N failed`, the sum over tests and checks; the exit code is 1 if any failed.
 *
 *     npm test
 *     npm test -- test/cli          only these tests, without the other checks
 *     node scripts/test.mjs --only-set-up
 *                                   dependencies, build, Temporal CLI and the Python of the trainer, and no test
 *     HUSKY_SKIP_TRAINER=1 npm test without the Python of the trainer
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, run, seconds, setUp } from './set-up.mjs';

const onlySetUp = process.argv.includes('--only-set-up');
const only = process.argv.slice(2).filter((argument) => argument !== '--');
const folder = mkdtempSync(join(tmpdir(), 'husky-test-'));
const sum = { passed: 0, failed: 0 };

const say = (line) => process.stdout.write(`${line}\n`);
const count = (passed, failed) => {
  sum.passed += passed;
  sum.failed += failed;
};

/** A check that passes or fails as one; what it says is shown when it fails. */
async function check(title, command, args, options = {}) {
  const startedAt = Date.now();
  const child = run(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const timer = setInterval(() => say(`  ${title}: ${seconds(startedAt)} ${lastLine(child.output())}`), 30_000);
  const code = await child.code.catch((error) => error.message);
  clearInterval(timer);
  count(code === 0 ? 1 : 0, code === 0 ? 0 : 1);
  say(`${code === 0 ? 'passed' : 'FAILED'}  ${title} (${seconds(startedAt)})`);
  if (code !== 0) say(typeof code === 'string' ? code : child.output());
  return code === 0;
}

function lastLine(text) {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 100) ?? '';
}

/** The Temporal CLI, built through Go when it is neither here nor to be downloaded. */
function temporalCli() {
  const program = `require('./dist/temporal-server/find-cli.js').ensureTemporalCli({ onProgress: console.log }).then(console.log, (error) => { console.error(error.message); process.exit(1); })`;
  return check('Temporal CLI', node, ['-e', program]);
}

/** PyTorch and what the trainer needs, for the tests that train. Needs nothing that is installed or built, so it comes first, beside all else. */
async function trainer() {
  if (process.env.HUSKY_SKIP_TRAINER || process.env.HUSKY_TRAINER_PYTHON) return;
  await check('Python of the trainer (minutes, once)', process.execPath, [join('trainer', 'setup.mjs'), 'tiny']);
}

async function tests() {
  const startedAt = Date.now();
  const results = join(folder, 'jest.json');
  const code = await run(
    node,
    [join('node_modules', 'jest', 'bin', 'jest.js'), '--json', `--outputFile=${results}`, ...only],
    {
      // The results as JSON go to the file; what people read goes to standard error.
      stdio: ['ignore', 'ignore', 'inherit'],
      // What a test leaves behind, also one that is killed, lies in this folder and goes with it.
      // Programs that tests start load the same modules again and again.
      env: { HUSKY_TEST_BUILD: '1', TMPDIR: folder, NODE_COMPILE_CACHE: join(folder, 'compiled') },
    },
  ).code;
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
    count(numPassedTests, numFailedTests + numRuntimeErrorTestSuites);
    if (code !== 0 && numFailedTests + numRuntimeErrorTestSuites === 0) count(0, 1);
  } catch {
    say(`FAILED  jest ended with ${code} and wrote no results`);
    count(0, 1);
  }
  say(`tests (${seconds(startedAt)})`);
}

/** What the compiler says. The linter works beside it, and goes on beside the first tests. */
async function compiled() {
  await check('type check', 'npm', ['run', 'typecheck', '--silent']);
  await check('API reference', 'npm', ['run', 'docs:api', '--silent']);
}

try {
  const python = only.length === 0 || onlySetUp ? trainer() : undefined;
  await setUp({ declarations: true });
  const temporal = temporalCli();
  const isWhole = !onlySetUp && only.length === 0;
  const linted = isWhole ? check('lint', 'npm', ['run', 'lint', '--silent']) : undefined;
  if (isWhole) await compiled();
  await python;
  if ((await temporal) && !onlySetUp) await tests();
  await linted;
} catch (error) {
  say(`FAILED  ${error.message}`);
  count(0, 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (!onlySetUp || sum.failed > 0) say(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;
