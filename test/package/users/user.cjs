/** A user whose project is CommonJS. */
const { bundleWorkflowCode } = require('@temporalio/worker');
const { createSandbox, HuskyPlugin, loadConfig } = require('temporal-husky');
const { extract } = require('temporal-husky/lab');
const { testConfig } = require('temporal-husky/testing');
const { use } = require('./use.cjs');

use({
  bundleWorkflowCode,
  createSandbox,
  HuskyPlugin,
  loadConfig,
  extract,
  testConfig,
  workflowsPath: require.resolve('./workflows.cjs'),
});
