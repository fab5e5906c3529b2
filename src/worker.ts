/** Workers by role: a role is a queue and its activities; any mix of roles fits in one process. */
import { createRequire } from 'node:module';
import { Worker, type NativeConnection, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import type * as Lab from './activities/lab';
import { createActivities, ROLE_ACTIVITIES, type HuskyActivities } from './activities/solve';
import { SOLVE_ROLES, type WorkerRole } from './contract/roles';
import { queueName } from './contract/queues';
import { registered } from './contract/registered-name';
import type { HuskyConfig } from './config';
import { TRACE_MODULE, traceActivities } from './runtime/trace-activities';
import { openContext, type ContextParts } from './runtime/open-context';
import { codecOptions } from './runtime/payload-codec';
import { toolActivities } from './runtime/tool-activities';
import { boundTools } from './runtime/tool-bounds';
import { wholeErrors } from './runtime/whole-errors';
import { WorkerSlots } from './runtime/worker-slots';
import { besideTheirs } from './taken-names';
import { mustBeOneCopy } from './temporal-copies';
import type * as TeacherHost from './teacher-host';
import { checkWorkflowBundle } from './workflow-bundle-check';
import { workflowCode, type WorkflowDoor } from './workflow-code';

const load = createRequire(__filename);

export interface HuskyWorkersOptions {
  connection: NativeConnection;
  config: HuskyConfig;
  /** Roles `lab` and `train` serve synthesis, training and evaluation. @default all roles of solving, and nothing else */
  roles?: readonly WorkerRole[];
  /** @default config.temporal.namespace */
  namespace?: string;
  /** Tools of `defineTool`; your own model, search engine or sandbox in the place of those that `config` names. */
  parts?: ContextParts;
  /** Workflow code of your own that includes Husky's. @default Husky's workflows */
  workflowBundle?: WorkflowBundleOption;
  /** Of the roles `lab` and `train`. */
  lab?: LabWorkerOptions;
  /**
   * Passed through to each worker: worker deployment versioning, identity, tuning, interceptors. Activities and sinks of your own stand
   * beside Husky's.
   */
  workerOptions?: Omit<
    Partial<WorkerOptions>,
    'connection' | 'namespace' | 'taskQueue' | 'workflowsPath' | 'workflowBundle'
  >;
}

export interface LabWorkerOptions extends Lab.LabActivityOptions {
  /** Queue of the lab's worker. @default `husky-lab` with the configuration's prefix */
  taskQueue?: string;
  /**
   * Whether the lab's worker carries out the calls of solving, too, so that they start eagerly on its queue.
   *
   * @default when all roles of solving run in this process; otherwise they go to the queues of their roles
   */
  solves?: boolean;
  /** Workflow code of your own that includes the lab's. @default the workflows of `temporal-husky/workflows/lab` */
  workflowBundle?: WorkflowBundleOption;
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
  /** Queues that are not polled: before {@link run}, after {@link shutdown}, and when a worker has failed. */
  notPolling(): string[];
}

/** Workers that run beside other work of this process. */
export interface RunningWorkers {
  /** Rejects when they fail. */
  failed: Promise<never>;
  /** Lets calls in flight end. */
  stop(): Promise<void>;
}

/** Trainers at a time on a host of role `train`; how many modules ask at a time is the training's own `parallel`. */
const TRAINERS = 8;
/** The lab's own calls at a time: files, the teacher's model, judges, baselines. */
const LAB_CALLS = 128;
/** Named in three events of each activity; the SDK's own is a hash of the code, 85 bytes long. */
const BUILD_ID = 'husky';
/** Workflow tasks run on one thread. Those that a worker has taken wait in front of it in the order of their arrival; those that wait at the server are overtaken by people's. */
const WORKFLOW_SLOTS = 16;
const LOCAL_ACTIVITY_SLOTS = 200;
/** Where activities start eagerly few of them are polled for. */
const EAGER_POLLS = { maxConcurrentActivityTaskPolls: 3, maxConcurrentWorkflowTaskPolls: 3 };

/**
 * Creates the workers for a set of roles. With all roles of solving in one process these share one task queue, so that activities start
 * eagerly; otherwise each role polls its own queue. The lab has a queue of its own in either case.
 *
 * @throws ConfigurationInvalid when an activity or sink of yours has a name of Husky's, a bundle lacks Husky's workflows, or there are two
 * copies of the SDK; SandboxRefused
 */
export async function createHuskyWorkers(options: HuskyWorkersOptions): Promise<HuskyWorkers> {
  const { connection, config, roles = SOLVE_ROLES, parts, lab = {} } = options;
  mustBeOneCopy([process.argv[1]]);
  const mode = queueMode(config, roles);
  const labSolves = lab.solves ?? (mode === 'shared' && SOLVE_ROLES.every((role) => roles.includes(role)));
  const context = openContext(config, parts);
  const activities = createActivities({ context, queues: mode });
  const shared = {
    connection,
    namespace: options.namespace ?? config.temporal.namespace,
    maxHeartbeatThrottleInterval: '500ms',
    shutdownGraceTime: '10s',
    ...(options.workerOptions?.workerDeploymentOptions ? {} : { buildId: BUILD_ID }),
    ...codecOptions(config.temporal.codec),
    ...options.workerOptions,
  } satisfies Partial<WorkerOptions>;
  const sinks = besideTheirs('sink', context.solutions.sinks(), options.workerOptions?.sinks);
  const workflowSide = (door: WorkflowDoor, workflowBundle?: WorkflowBundleOption) => {
    checkWorkflowBundle({ workflowBundle }, door);
    return {
      ...(workflowBundle ? { workflowBundle } : workflowCode(door)),
      reuseV8Context: true,
      maxCachedWorkflows: 2000,
      maxConcurrentWorkflowTaskExecutions: WORKFLOW_SLOTS,
      maxConcurrentLocalActivityExecutions: LOCAL_ACTIVITY_SLOTS,
    } satisfies Partial<WorkerOptions>;
  };
  const slots = new WorkerSlots(config);
  const workers: Worker[] = [];
  const queues: string[] = [];
  const add = async (role: WorkerRole, extra: Partial<WorkerOptions>) => {
    const taskQueue = (role === 'lab' ? lab.taskQueue : undefined) ?? queueName(role, config.queues.prefix);
    queues.push(taskQueue);
    const { interceptors } = shared as Partial<WorkerOptions>;
    const all = {
      ...boundless(extra, shared),
      ...shared,
      taskQueue,
      sinks,
      activities: besideTheirs('activity', extra.activities ?? {}, options.workerOptions?.activities),
      interceptors: {
        ...interceptors,
        activity: [wholeErrors, traceActivities, ...(interceptors?.activity ?? []), boundTools(context.config.tools)],
        // A bundle that is made beforehand has the module already.
        ...(extra.workflowsPath ? { workflowModules: [TRACE_MODULE, ...(interceptors?.workflowModules ?? [])] } : {}),
      },
    };
    workers.push(await Worker.create(all as WorkerOptions));
  };
  const solving = SOLVE_ROLES.filter((role) => roles.includes(role));
  if (mode === 'shared' && solving.length > 0)
    await add('workflow', {
      ...workflowSide('solve', options.workflowBundle),
      ...EAGER_POLLS,
      activities: { ...registered(activities), ...toolActivities(context.tools) },
      maxConcurrentActivityTaskExecutions: slots.all,
    });
  else
    for (const role of solving) {
      const own = registered(
        Object.fromEntries(ROLE_ACTIVITIES[role].map((name) => [name, activities[name]])) as Partial<HuskyActivities>,
      );
      await add(
        role,
        role === 'workflow'
          ? { ...workflowSide('solve', options.workflowBundle), activities: own }
          : { activities: role === 'tool' ? { ...own, ...toolActivities(context.tools) } : own, ...slots.own(role) },
      );
    }
  if (roles.includes('lab') || roles.includes('train')) {
    // Loaded by choice only: a worker that solves holds no code of the lab.
    const { createLabActivities } = load('./activities/lab') as typeof Lab;
    const { createTeacherHost } = load('./teacher-host') as typeof TeacherHost;
    const pipeline = { host: createTeacherHost(connection, shared.namespace, config.temporal.codec), ...lab.pipeline };
    const labActivities = createLabActivities(context, { ...lab, pipeline });
    if (roles.includes('lab'))
      await add('lab', {
        ...workflowSide('lab', lab.workflowBundle),
        ...EAGER_POLLS,
        activities: {
          ...(labSolves ? toolActivities(context.tools) : {}),
          ...registered({
            ...(labSolves
              ? createActivities({ context, queues: 'shared' })
              : { recordProfile: createActivities({ context, queues: 'separate' }).recordProfile }),
            ...labActivities,
          }),
        },
        maxConcurrentActivityTaskExecutions: LAB_CALLS + (labSolves ? slots.all : 0),
      });
    if (roles.includes('train'))
      await add('train', {
        activities: registered({ trainModule: labActivities.trainModule }),
        maxConcurrentActivityTaskExecutions: TRAINERS,
      });
  }
  return {
    queues,
    mode,
    run: async () => {
      try {
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        slots.stop();
        await context.close();
      }
    },
    shutdown: () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
    notPolling: () => queues.filter((_, index) => workers[index]?.getState() !== 'RUNNING'),
  };
}

/** Runs workers until they are stopped. */
export function inBackground(workers: HuskyWorkers): RunningWorkers {
  const running = workers.run();
  const failed = running.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);
  return {
    failed,
    stop: async () => {
      workers.shutdown();
      await running.catch(() => undefined);
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
