/** Bundles the workflow code once, at build time: a worker then starts without webpack. */
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');

const dist = join(__dirname, '../dist');
bundleWorkflowCode({ workflowsPath: join(dist, 'workflows.js'), logger: new DefaultLogger('WARN') }).then(({ code }) =>
  writeFileSync(join(dist, 'workflow-bundle.js'), code),
);
