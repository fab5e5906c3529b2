/** Bundles the workflow code once, at build time: a worker then starts without webpack. */
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');

const dist = join(__dirname, '../dist');
const bundle = (door, file) =>
  bundleWorkflowCode({
    workflowsPath: join(dist, door),
    workflowInterceptorModules: [join(dist, 'workflows/solve/trace-interceptors.js')],
    logger: new DefaultLogger('WARN'),
  }).then(({ code }) => writeFileSync(join(dist, file), code));
bundle('workflows.js', 'workflow-bundle.js').then(() => bundle('workflows-lab.js', 'workflow-bundle-lab.js'));
