/**
 * Stored histories replay against the workflow code of today. `RECORD=<version> jest test/replay` records new ones beside the
 * old; old ones are never deleted while solutions of their version may run.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundle } from '@temporalio/worker';
import { SolutionCache } from '../../src/activities/solution-cache';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers } from '../integration/harness';
import { scenarios } from './scenarios';

const folder = join(__dirname, 'histories');
const version = process.env.RECORD;
const stored = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));

if (version) {
  test.each(scenarios)('records $name', async (scenario) => {
    const { name, solution, batch, script: options, config, start, interfere } = scenario;
    const server = await startServer(...(scenario.server ?? []));
    const desk = scenario.desk && (await Worker.create({ connection: server.native, ...scenario.desk }));
    const serving = desk?.run();
    try {
      const script = scriptSolutions([solution, ...(batch ?? [])], options);
      await withWorkers(
        server,
        { parts: script.parts, config: { ...config, queues: { prefix: name, ...config?.queues } } },
        async (husky) => {
          const options = { workflowId: `replay-${name}`, ...start };
          const questions = [solution, ...(batch ?? [])].map(({ question }) => question);
          const begun = batch ? await husky.startBatch(questions, options) : undefined;
          const handle = begun ? husky.get(begun.workflowId) : await husky.start(solution.question, options);
          if (interfere) {
            while (script.calls.length < interfere.afterCalls) await new Promise((next) => setTimeout(next, 50));
            await interfere.act(handle);
          }
          await handle.result().catch(() => undefined);
          mkdirSync(join(folder, version), { recursive: true });
          const store = async (file: string, runId?: string) => {
            const run = server.client.workflow.getHandle(handle.workflowId, runId);
            const history = historyToJSON(await run.fetchHistory());
            // Identities and stack traces name the machine on which it was recorded.
            const anonymous = history
              .replaceAll(`${process.pid}@${hostname()}`, 'worker@host')
              .replaceAll(`${process.cwd()}/`, '');
            writeFileSync(join(folder, version, `${file}.json`), `${anonymous}\n`);
          };
          await store(name);
          const { raw, runId } = await handle.workflow.describe();
          const first = raw.workflowExecutionInfo?.firstRunId;
          if (first && first !== runId) await store(`${name}-first-run`, first);
        },
      );
    } finally {
      desk?.shutdown();
      await serving;
      await server.stop();
    }
  });
} else {
  const bundle = (workflows: string) =>
    bundleWorkflowCode({ workflowsPath: require.resolve(workflows), logger: new DefaultLogger('ERROR') });
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown;
  const finished = stored.find((name) => name.endsWith('finished.json')) ?? '';
  const sinks = new SolutionCache().sinks();
  let workflowBundle: WorkflowBundle;
  beforeAll(async () => {
    workflowBundle = await bundle('../../src/workflows');
  });

  test('histories are stored', () => {
    expect(existsSync(folder)).toBe(true);
    expect(stored.length).toBeGreaterThanOrEqual(scenarios.length);
  });

  test.each(stored)('%s replays', async (file) => {
    await Worker.runReplayHistory({ workflowBundle, sinks }, read(file));
  });

  test('a history that does not fit the code is noticed', async () => {
    const workflowBundle = await bundle('./workflows-changed-without-a-patch');
    await expect(Worker.runReplayHistory({ workflowBundle, sinks }, read(finished))).rejects.toThrow(
      /[Nn]ondeterminism/,
    );
  });

  test('code that was changed behind a patch replays what began before the change', async () => {
    const workflowBundle = await bundle('../integration/workflows-of-the-next-version');
    await Worker.runReplayHistory({ workflowBundle, sinks }, read(finished));
  });
}
