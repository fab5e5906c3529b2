/**
 * Events and bytes that a step leaves in Temporal's history, by the number of steps: flat, or something is stored again and again.
 *
 * @module
 */
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import { HuskyClient } from '../../src/client';
import { parseConfig } from '../../src/config';
import { scriptSolutions, testConfig, type ScriptedSolution } from '../../src/testing';
import { createHuskyWorkers } from '../../src/worker';

export interface HistorySize {
  steps: number;
  stepsPerActivity: number;
  eventsPerStep: number;
  bytesPerStep: number;
}

/** Search, code, math and commonsense in turn, with texts as long as real ones. */
function makeSolution(count: number, name: string): ScriptedSolution {
  const tools = ['search', 'code', 'math', 'commonsense'] as const;
  const steps = Array.from({ length: count }, (_, i) => ({
    tool: tools[i % 4] ?? 'math',
    step: `Establish the figure of district <${name}-${i + 1}> from the records of the year before.`,
    query: `figure of district ${name}-${i + 1} in the records`,
    code: `const base = ${i}; // district ${name}-${i + 1}\nconsole.log(base * 7 + 3);`,
    observation: `District ${name}-${i + 1}: the records of the year before give the figure ${i * 7 + 3} for it.`,
    output: `According to the records, the figure of district ${name}-${i + 1} is ${i * 7 + 3}.`,
  }));
  return {
    question: `What is the last figure of the chain of ${count} districts called ${name}?`,
    steps,
    answer: name,
  };
}

/** Sizes without what every solution has once: those of a solution of one step are taken off. */
export async function measureHistories(counts: readonly number[], per: readonly number[]): Promise<HistorySize[]> {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const server = await startTemporalServer({ ephemeral: true, ui: false });
  const native = await NativeConnection.connect({ address: server.address });
  const connection = await Connection.connect({ address: server.address });
  const solutions = [1, ...counts].map((count) => makeSolution(count, `n${count}`));
  const models = { default: { ...testConfig().models.default, contextTokens: 1_000_000 } } as never;
  const workers = await createHuskyWorkers({
    connection: native,
    config: parseConfig(testConfig({ models, limits: { maxSteps: 1000 } })),
    parts: scriptSolutions(solutions).parts,
    workflowBundle: await bundleWorkflowCode({ workflowsPath: require.resolve('../../src/workflows'), logger }),
  });
  const running = workers.run();
  try {
    const husky = new HuskyClient({ client: new Client({ connection }) });
    const sizeOf = async (question: string, stepsPerActivity: number) => {
      const handle = await husky.start(question, { stepsPerActivity });
      await handle.result();
      const { events = [] } = await handle.workflow.fetchHistory();
      const sizes = (events ?? []).map((event) =>
        Number(event.workflowTaskStartedEventAttributes?.historySizeBytes ?? 0),
      );
      return { events: events?.length ?? 0, bytes: Math.max(...sizes) };
    };
    const results: HistorySize[] = [];
    for (const stepsPerActivity of per) {
      const [one, ...rest] = solutions;
      const least = await sizeOf(one?.question ?? '', stepsPerActivity);
      for (const { question, steps } of rest) {
        const { events, bytes } = await sizeOf(question, stepsPerActivity);
        results.push({
          steps: steps.length,
          stepsPerActivity,
          eventsPerStep: (events - least.events) / (steps.length - 1),
          bytesPerStep: (bytes - least.bytes) / (steps.length - 1),
        });
      }
    }
    return results;
  } finally {
    workers.shutdown();
    await running;
    await native.close();
    await connection.close();
    await server.stop();
  }
}
