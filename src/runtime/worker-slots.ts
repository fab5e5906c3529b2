/** How many calls workers take at a time: as many as a model's concurrency says, or as its server has room for. */
import { Runtime, type WorkerOptions } from '@temporalio/worker';
import { modelOf, type HuskyConfig } from '../config';
import { SOLVE_ROLES, type SolveRole } from '../contract/roles';
import { metricsUrl } from '../models/server-load';
import { placesFor } from '../sandbox/places';
import { EXPERTS } from '../trajectory/modules';
import { ModelSlots } from './model-slots';

/** Calls at a time where the configuration names no concurrency. */
const CONCURRENCY = { openai: 64, gguf: 4 };
/** Searches at a time, and programs that wait for a place in the sandbox. */
const CALLS_BESIDE_PROGRAMS = 32;

export class WorkerSlots {
  private readonly following: ModelSlots[] = [];

  constructor(private readonly config: HuskyConfig) {}

  /** Calls of all roles of solving. */
  get all(): number {
    return SOLVE_ROLES.reduce((sum, role) => sum + (role === 'workflow' ? 0 : this.of(role)), 0);
  }

  /** Options of a worker whose role polls its own queue. */
  own(role: SolveRole): Partial<WorkerOptions> {
    const model = this.modelOf(role);
    if (model?.provider !== 'openai' || model.concurrency !== 'auto')
      return { maxConcurrentActivityTaskExecutions: this.of(role) };
    const followed = new ModelSlots({
      url: metricsUrl(model),
      initial: CONCURRENCY.openai,
      onNotice: (message) => Runtime.instance().logger.warn(`models.${role}: ${message}`),
    });
    this.following.push(followed);
    const none = { type: 'fixed-size', numSlots: 1 } as const;
    return {
      tuner: {
        activityTaskSlotSupplier: followed,
        workflowTaskSlotSupplier: none,
        localActivityTaskSlotSupplier: none,
        nexusTaskSlotSupplier: none,
      },
    };
  }

  /** Stops looking at model servers. */
  stop(): void {
    for (const followed of this.following) followed.stop();
  }

  private of(role: SolveRole): number {
    const model = this.modelOf(role);
    if (!model) return placesFor(this.config.sandbox) + CALLS_BESIDE_PROGRAMS;
    return typeof model.concurrency === 'number' ? model.concurrency : CONCURRENCY[model.provider];
  }

  private modelOf(role: SolveRole) {
    const expert = EXPERTS.find((name) => name === role);
    return expert && modelOf(this.config, expert);
  }
}
