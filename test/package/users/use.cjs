/** What a user does with the package: workflows are bundled from the user's own module, programs run, a missing optional package is told. */
const assert = require('node:assert/strict');

exports.use = async function use(theirs) {
  const { bundleWorkflowCode, createSandbox, HuskyPlugin, loadConfig, extract, testConfig, workflowsPath } = theirs;
  assert.equal(typeof extract, 'function');
  assert.equal(typeof loadConfig, 'function');
  const logger = { info() {}, debug() {}, trace() {}, log() {}, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ workflowsPath, logger, plugins: [new HuskyPlugin(testConfig())] });
  assert.match(code, /huskySolve/);

  const sandbox = createSandbox();
  const javascript = await sandbox.run({ language: 'javascript', code: 'console.log(6 * 7)' });
  assert.equal(javascript.stdout.trim(), '42', JSON.stringify(javascript));
  await sandbox.close();

  console.log(`workflows bundled (${Math.round(code.length / 1000)} kB), a program ran at level ${sandbox.level}`);
};
