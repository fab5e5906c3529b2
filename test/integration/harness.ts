/** A real Temporal server, real workers and scripted experts, for the tests of this folder. */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type LogEntry } from '@temporalio/worker';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import { HuskyClient } from '../../src/client';
import { parseConfig, type HuskyConfigInput } from '../../src/config';
import type { ContextParts } from '../../src/runtime/open-context';
import { testConfig } from '../../src/testing';
import { createHuskyWorkers, type HuskyWorkersOptions } from '../../src/worker';
import { inOneThread, labCode, solvingCode, workflowCodeOf } from '../workflow-code';

export interface TestServer {
  address: string;
  client: Client;
  native: NativeConnection;
  /** Ends the server alone; what was connected to it finds it gone. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

/** Given each line that workers log. */
export const logged: { to: ((line: LogEntry) => void) | undefined } = { to: undefined };
const shown = new DefaultLogger('ERROR');
const quiet = {
  logger: new DefaultLogger('DEBUG', (line) => {
    logged.to?.(line);
    shown.log(line.level, line.message, line.meta);
  }),
};
let installed = false;

/** Starts a server of its own on free ports, in memory. */
export async function startServer(
  dynamicConfig: Record<string, string> = {},
  searchAttributes: Record<string, string> = {},
): Promise<TestServer> {
  if (!installed) Runtime.install(quiet);
  installed = true;
  const server = await startTemporalServer({ ephemeral: true, ui: false, dynamicConfig, searchAttributes });
  const connection = await Connection.connect({ address: server.address });
  const native = await NativeConnection.connect({ address: server.address });
  return {
    address: server.address,
    client: new Client({ connection }),
    native,
    end: () => server.stop(),
    stop: async () => {
      await native.close();
      await connection.close();
      await server.stop();
    },
  };
}

/** Workers of the lab alone, which solve by themselves; their queue is `PREFIX-husky-lab`. */
export const LAB = { roles: ['lab'], lab: { solves: true } } as const;

let teams = 0;

/** Runs workers for the length of a test body, by default with queues of their own and the workflow code of today. */
export async function withWorkers<T>(
  server: TestServer,
  options: { config?: Partial<HuskyConfigInput>; parts?: ContextParts; workflowsPath?: string } & Pick<
    HuskyWorkersOptions,
    'roles' | 'workerOptions' | 'lab'
  >,
  body: (husky: HuskyClient, prefix: string) => Promise<T>,
): Promise<T> {
  teams += 1;
  const prefix = options.config?.queues?.prefix ?? `team${teams}`;
  const config = parseConfig(testConfig({ ...options.config, queues: { ...options.config?.queues, prefix } }));
  const workers = await createHuskyWorkers({
    connection: server.native,
    config,
    parts: options.parts,
    roles: options.roles,
    workflowBundle: await (options.workflowsPath ? workflowCodeOf(options.workflowsPath) : solvingCode()),
    workerOptions: { ...inOneThread, ...options.workerOptions },
    lab: { ...(options.roles?.includes('lab') ? { workflowBundle: await labCode() } : {}), ...options.lab },
  });
  const running = workers.run();
  try {
    return await body(new HuskyClient({ client: server.client, taskQueue: `${prefix}-husky` }), prefix);
  } finally {
    workers.shutdown();
    await running;
  }
}
