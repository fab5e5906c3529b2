/** Finds the workflow code of this package's workers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';

/** `solve`: the workflows of solving. `lab`: also those of synthesis, training and evaluation. */
export type WorkflowDoor = 'solve' | 'lab';

const DOORS = {
  solve: { bundle: 'workflow-bundle.js', module: './workflows' },
  lab: { bundle: 'workflow-bundle-lab.js', module: './workflows-lab' },
} as const;

/** The bundle from the build, which starts much faster than bundling. */
export function workflowCode(door: WorkflowDoor = 'solve'): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const { bundle, module } = DOORS[door];
  const codePath = join(__dirname, bundle);
  return existsSync(codePath) ? { workflowBundle: { codePath } } : { workflowsPath: require.resolve(module) };
}
