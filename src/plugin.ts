/** Husky in a worker and a client of your own. */
import { SimplePlugin } from '@temporalio/plugin';
import {
  NativeConnection,
  type BundleOptions,
  type ReplayWorkerOptions,
  type Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import type { ActivityContext } from './runtime/activity-context';
import { createActivities } from './activities/solve';
import { registered } from './contract/registered-name';
import { parseConfig, type HuskyConfigInput } from './config';
import { besideTheirs } from './taken-names';
import { mustBeOneCopy, testKitOf } from './temporal-copies';
import { checkWhenBundled, checkWorkflowBundle } from './workflow-bundle-check';
import type { WorkflowDoor } from './workflow-code';
import { toolActivities } from './runtime/tool-activities';
import { boundTools } from './runtime/tool-bounds';
import { wholeErrors } from './runtime/whole-errors';
import { TRACE_MODULE, traceActivities } from './runtime/trace-activities';
import { openContext, type ContextParts } from './runtime/open-context';

/**
 * Adds the activities of solving to a Worker, and nothing else; see `HuskyLabPlugin` in `temporal-husky/lab` for more. Workflow code comes from your own workflows module, because the SDK bundles it from there:
 * `export * from 'temporal-husky/workflows'`.
 *
 * All calls run on that worker's own task queue. With `queues: { mode: 'separate' }` they go to a queue for each role, which
 * `husky worker --roles` or {@link createHuskyWorkers} serves elsewhere.
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
  private readonly sinks: ReturnType<ActivityContext['solutions']['sinks']>;
  private running = 0;

  /** @param parts tools of `defineTool`; your own model, search engine or sandbox in the place of those that `config` names */
  constructor(config: HuskyConfigInput, parts?: ContextParts) {
    super({ name: 'temporal-husky' });
    this.context = openContext(parseConfig(config, 'HuskyPlugin'), parts);
    const queues = this.context.config.queues.mode === 'separate' ? 'separate' : 'shared';
    this.sinks = this.context.solutions.sinks();
    this.solving = {
      ...registered(createActivities({ context: this.context, queues })),
      ...toolActivities(this.context.tools),
    };
  }

  /** What a worker is given, by its registered name. */
  protected activities(): object {
    return this.solving;
  }

  /** Whose workflows the worker's code has to hold. */
  protected readonly door: WorkflowDoor = 'solve';

  /**
   * Adds activities and sinks.
   *
   * @throws ConfigurationInvalid when a name is taken, workflow code lacks Husky's workflows, or there are two copies of the SDK
   */
  override configureWorker(options: WorkerOptions): WorkerOptions {
    const foreign = options.connection && !(options.connection instanceof NativeConnection);
    const testKit = foreign && options.workflowsPath !== undefined ? testKitOf(options.workflowsPath) : undefined;
    mustBeOneCopy([process.argv[1], options.workflowsPath, testKit]);
    checkWorkflowBundle(options, this.door);
    return super.configureWorker({
      // A cancelled call must hear of it within a second; the SDK would hold heartbeats back for longer.
      maxHeartbeatThrottleInterval: '500ms',
      ...options,
      activities: besideTheirs('activity', this.activities(), options.activities),
      interceptors: {
        ...options.interceptors,
        activity: [
          wholeErrors,
          traceActivities,
          ...(options.interceptors?.activity ?? []),
          boundTools(this.context.config.tools),
        ],
      },
      sinks: besideTheirs('sink', this.sinks, options.sinks),
    });
  }

  /** Adds the sinks, which a replay does not call. Without them the SDK would report an error for each call that it leaves out. */
  override configureReplayWorker(options: ReplayWorkerOptions): ReplayWorkerOptions {
    return super.configureReplayWorker({ ...options, sinks: { ...options.sinks, ...this.sinks } });
  }

  /** Adds what traces workflow code, to the bundle of a worker with `workflowsPath` and to one made beforehand by `bundleWorkflowCode`. */
  override configureBundler(options: BundleOptions): BundleOptions {
    const workflowInterceptorModules = [TRACE_MODULE, ...(options.workflowInterceptorModules ?? [])];
    return checkWhenBundled(super.configureBundler({ ...options, workflowInterceptorModules }), this.door);
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
