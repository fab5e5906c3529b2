/** A user whose project is made of ES modules; scripts/check-package.mjs runs it under npm, pnpm without hoisting and Yarn Plug'n'Play (T07). */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { createSandbox, HuskyPlugin, loadConfig } from 'temporal-husky';
import { extract } from 'temporal-husky/lab';
import { testConfig } from 'temporal-husky/testing';
import { use } from './use.cjs';

await use({
  bundleWorkflowCode,
  createSandbox,
  HuskyPlugin,
  loadConfig,
  extract,
  testConfig,
  workflowsPath: fileURLToPath(import.meta.resolve('./workflows.mjs')),
});
