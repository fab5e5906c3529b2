/**
 * Workers by role: a role is a queue and its activities; any mix of roles fits in one process.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  Runtime,
  Worker,
  type NativeConnection,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import {
  createActivities,
  ROLE_ACTIVITIES,
  SOLVE_ROLES,
  type HuskyActivities,
  type SolveRole,
  type WorkerRole,
} from './activities/solve';
import { createEvaluationActivities } from './activities/lab/evaluation';
import { createQuestionMakingActivities } from './activities/lab/question-making';
import { queueName } from './contract/queues';
import { registered } from './contract/registered-name';
import { createTrainingActivities, trainingActivitiesOf } from './activities/lab/training-activities';
import { modelOf, type HuskyConfig } from './config';
import { ModelSlots } from './runtime/model-slots';
import { metricsUrl } from './models/server-load';
import { openContext, type ContextParts } from './runtime/open-context';
import { EXPERTS } from './trajectory/modules';

export interface HuskyWorkersOptions {
  connection: NativeConnection;
  config: HuskyConfig;
  /** @default all roles of solving */
  roles?: readonly WorkerRole[];
  /** @default config.temporal.namespace */
  namespace?: string;
  /** Your own model, search engine or sandbox in the place of those that `config` names. */
  parts?: ContextParts;
  /** Workflow code of your own that includes Husky's. @default Husky's workflows */
  workflowBundle?: WorkflowBundleOption;
  /** Passed through to each worker: worker deployment versioning, identity, tuning, interceptors. */
  workerOptions?: Partial<WorkerOptions>;
}

export interface HuskyWorkers {
  /** Queues that are polled. */
  readonly queues: string[];
  /** Whether calls start eagerly on the solutions' own queue, or go to a queue per expert. */
  readonly mode: 'shared' | 'separate';
  /** Ends when all workers have drained after {@link shutdown}, or rejects when one fails. */
  run(): Promise<void>;
  /** Stops polling and lets calls in flight end. */
  shutdown(): void;
}

/** Calls at a time where the configuration names no concurrency. */
const CONCURRENCY = { openai: 64, gguf: 4 };
/** Trainers at a time on a host of role `train`; how many modules ask at a time is the training's own `parallel`. */
const TRAINERS = 8;
/** Named in three events of each activity; the SDK's own is a hash of the code, 85 bytes long. */
const BUILD_ID = 'husky';
/** Workflow tasks are short; more slots only queue up in front of one thread. */
const WORKFLOW_SLOTS = 200;

/**
 * Creates the workers for a set of roles. With all roles in one process they share one task queue, so that activities start eagerly;
 * otherwise each role polls its own queue.
 *
 * @throws ConfigurationInvalid, SandboxRefused
 */
export async function createHuskyWorkers(options: HuskyWorkersOptions): Promise<HuskyWorkers> {
  const { connection, config, roles = SOLVE_ROLES, parts } = options;
  const mode = queueMode(config, roles);
  const context = openContext(config, parts);
  const activities = createActivities({ context, queues: mode });
  const training = createTrainingActivities(context);
  const evaluation = { ...createEvaluationActivities(context), ...createQuestionMakingActivities(context) };
  const shared = {
    connection,
    namespace: options.namespace ?? config.temporal.namespace,
    maxHeartbeatThrottleInterval: '500ms',
    shutdownGraceTime: '10s',
    ...(options.workerOptions?.workerDeploymentOptions ? {} : { buildId: BUILD_ID }),
    ...options.workerOptions,
  } satisfies Partial<WorkerOptions>;
  const workflowSide = {
    ...(options.workflowBundle ? { workflowBundle: options.workflowBundle } : workflowCode()),
    sinks: context.solutions.sinks(),
    reuseV8Context: true,
    maxCachedWorkflows: 2000,
  };
  const slots = (role: SolveRole) => {
    const expert = EXPERTS.find((name) => name === role);
    if (!expert) return config.sandbox.concurrency + 32;
    const { provider, concurrency } = modelOf(config, expert);
    return typeof concurrency === 'number' ? concurrency : CONCURRENCY[provider];
  };
  const following: ModelSlots[] = [];
  /** Of a role that polls a queue of its own. */
  const ownSlots = (role: SolveRole): Partial<WorkerOptions> => {
    const expert = EXPERTS.find((name) => name === role);
    const model = expert && modelOf(config, expert);
    if (model?.provider !== 'openai' || model.concurrency !== 'auto')
      return { maxConcurrentActivityTaskExecutions: slots(role) };
    const followed = new ModelSlots({
      url: metricsUrl(model),
      initial: CONCURRENCY.openai,
      onNotice: (message) => Runtime.instance().logger.warn(`models.${role}: ${message}`),
    });
    following.push(followed);
    const none = { type: 'fixed-size', numSlots: 1 } as const;
    return {
      tuner: {
        activityTaskSlotSupplier: followed,
        workflowTaskSlotSupplier: none,
        localActivityTaskSlotSupplier: none,
        nexusTaskSlotSupplier: none,
      },
    };
  };
  const workers: Worker[] = [];
  const queues: string[] = [];
  const add = async (role: WorkerRole, extra: Partial<WorkerOptions>) => {
    const taskQueue = queueName(role, config.queues.prefix);
    queues.push(taskQueue);
    workers.push(await Worker.create({ ...boundless(extra, shared), ...shared, taskQueue } as WorkerOptions));
  };
  if (mode === 'shared') {
    await add('workflow', {
      ...workflowSide,
      activities: registered({ ...activities, ...training, ...evaluation }),
      maxConcurrentActivityTaskExecutions: roles.reduce(
        (sum, role) => sum + (role === 'workflow' || role === 'train' ? 0 : slots(role)),
        0,
      ),
      maxConcurrentWorkflowTaskExecutions: WORKFLOW_SLOTS,
      maxConcurrentLocalActivityExecutions: WORKFLOW_SLOTS,
      maxConcurrentActivityTaskPolls: 3,
      maxConcurrentWorkflowTaskPolls: 3,
    });
  } else {
    for (const role of roles) {
      if (role === 'train') continue;
      const own = {
        ...(Object.fromEntries(
          ROLE_ACTIVITIES[role].map((name) => [name, activities[name]]),
        ) as Partial<HuskyActivities>),
        ...trainingActivitiesOf(role, training),
      };
      await add(
        role,
        role === 'workflow'
          ? {
              ...workflowSide,
              activities: registered({ ...own, ...evaluation }),
              maxConcurrentWorkflowTaskExecutions: WORKFLOW_SLOTS,
              maxConcurrentLocalActivityExecutions: WORKFLOW_SLOTS,
            }
          : { activities: registered(own), ...ownSlots(role) },
      );
    }
  }
  if (roles.includes('train'))
    await add('train', {
      activities: registered(trainingActivitiesOf('train', training)),
      maxConcurrentActivityTaskExecutions: TRAINERS,
    });
  return {
    queues,
    mode,
    run: async () => {
      try {
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        for (const slots of following) slots.stop();
        await context.close();
      }
    },
    shutdown: () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

/** Bounds and a tuner exclude each other: ours give way to those that are passed through. */
function boundless(ours: Partial<WorkerOptions>, passed: Partial<WorkerOptions>): Partial<WorkerOptions> {
  const bounds = [
    'maxConcurrentActivityTaskExecutions',
    'maxConcurrentLocalActivityExecutions',
    'maxConcurrentWorkflowTaskExecutions',
  ] as const;
  const dropped: readonly string[] = passed.tuner ? bounds : bounds.some((name) => passed[name]) ? ['tuner'] : [];
  return Object.fromEntries(Object.entries(ours).filter(([name]) => !dropped.includes(name)));
}

function queueMode(config: HuskyConfig, roles: readonly WorkerRole[]): 'shared' | 'separate' {
  if (config.queues.mode !== 'auto') return config.queues.mode;
  return SOLVE_ROLES.every((role) => roles.includes(role)) ? 'shared' : 'separate';
}

/** The bundle that the build made beside this file starts in a fraction of the time that bundling takes. */
export function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = join(__dirname, 'workflow-bundle-lab.js');
  return existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: require.resolve('./workflows-lab') };
}
