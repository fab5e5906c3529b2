/** The lab in your own worker. */
import { createLabActivities, type LabActivityOptions } from './activities/lab';
import type { HuskyConfigInput } from './config';
import { registered } from './contract/registered-name';
import { HuskyPlugin } from './plugin';
import type { WorkflowDoor } from './workflow-code';
import type { ContextParts } from './runtime/open-context';

/**
 * {@link HuskyPlugin} and, beside solving, the activities of synthesis, training and evaluation. These read and write files, run
 * trainers and use the configuration's model keys for whoever may start workflows on the worker's queue: keep that queue to yourself.
 * The worker's workflows module says `export * from 'temporal-husky/workflows/lab'`.
 */
export class HuskyLabPlugin extends HuskyPlugin {
  protected override readonly door: WorkflowDoor = 'lab';
  private readonly lab: object;

  constructor(config: HuskyConfigInput, parts?: ContextParts, lab?: LabActivityOptions) {
    super(config, parts);
    this.lab = registered(createLabActivities(this.context, lab));
  }

  protected override activities(): object {
    return { ...super.activities(), ...this.lab };
  }
}
