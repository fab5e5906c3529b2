/**
 * Where the workers of this package have their workflow code from.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';

/** `solve`: what solving needs. `lab`: synthesis, training and evaluation, and solving with them. */
export type WorkflowDoor = 'solve' | 'lab';

const DOORS = {
  solve: { bundle: 'workflow-bundle.js', module: './workflows' },
  lab: { bundle: 'workflow-bundle-lab.js', module: './workflows-lab' },
} as const;

/** The bundle that the build made beside this file starts in a fraction of the time that bundling takes. */
export function workflowCode(door: WorkflowDoor = 'solve'): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const { bundle, module } = DOORS[door];
  const codePath = join(__dirname, bundle);
  return existsSync(codePath) ? { workflowBundle: { codePath } } : { workflowsPath: require.resolve(module) };
}
