/**
 * Husky in a worker and a client of your own.
 *
 * @module
 */
import { SimplePlugin } from '@temporalio/plugin';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import type { ActivityContext } from './runtime/activity-context';
import { createActivities } from './activities/solve';
import { registered } from './contract/registered-name';
import { parseConfig, type HuskyConfigInput } from './config';
import { boundTools } from './runtime/tool-bounds';
import { openContext, type ContextParts } from './runtime/open-context';

/**
 * Adds the activities of solving to a Worker, and nothing else; see `HuskyLabPlugin` in `temporal-husky/lab` for more. Workflow code comes from your own workflows module, because the SDK bundles it from there:
 * `export * from 'temporal-husky/workflows'`.
 *
 * All calls run on that worker's own task queue. For a queue per expert on GPU hosts use {@link createHuskyWorkers}.
 *
 * @example
 * ```ts
 * const worker = await Worker.create({
 *   taskQueue: 'questions',
 *   workflowsPath: require.resolve('./workflows'),
 *   plugins: [new HuskyPlugin(config)],
 * });
 * ```
 *
 * @throws ConfigurationInvalid naming every wrong option
 */
export class HuskyPlugin extends SimplePlugin {
  protected readonly context: ActivityContext;
  private readonly solving: object;
  private running = 0;

  /** @param parts your own model, search engine or sandbox in the place of those that `config` names */
  constructor(config: HuskyConfigInput, parts?: ContextParts) {
    super({ name: 'temporal-husky' });
    this.context = openContext(parseConfig(config, 'HuskyPlugin'), parts);
    const queues = this.context.config.queues.mode === 'separate' ? 'separate' : 'shared';
    this.solving = registered(createActivities({ context: this.context, queues }));
  }

  /** What a worker is given, by its registered name. */
  protected activities(): object {
    return this.solving;
  }

  /** A cancelled call must hear of it within a second; the SDK would hold heartbeats back for longer. */
  override configureWorker(options: WorkerOptions): WorkerOptions {
    return super.configureWorker({
      maxHeartbeatThrottleInterval: '500ms',
      ...options,
      activities: { ...options.activities, ...this.activities() },
      interceptors: {
        ...options.interceptors,
        activity: [...(options.interceptors?.activity ?? []), boundTools(this.context.config.tools)],
      },
      sinks: { ...options.sinks, ...this.context.solutions.sinks() },
    });
  }

  /** Closes models, index and sandbox children when the last of its workers ends. */
  override async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    this.running += 1;
    try {
      await super.runWorker(worker, next);
    } finally {
      this.running -= 1;
      if (this.running === 0) await this.context.close();
    }
  }
}
