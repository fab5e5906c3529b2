/**
 * Stored histories replay against the workflow code of today. `RECORD=<version> jest test/replay` records new ones beside the
 * old; old ones are never deleted while solutions of their version may run.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils';
import { NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { labCode, workflowCodeOf } from '../workflow-code';
import { SolutionCache } from '../../src/runtime/solution-cache';
import { scriptSolutions } from '../../src/testing';
import type { PipelinePlan } from '../../src/contract/pipeline';
import { startServer, withWorkers } from '../integration/harness';
import { startLab } from '../training/harness';
import { pipelineContext, pipelineOptions, pipelinePlan } from '../training/pipeline-lab';
import { scenarios } from './scenarios';

// On a busy machine the bundler alone takes more than a minute.
jest.setTimeout(600_000);

const folder = join(__dirname, 'histories');
const version = process.env.RECORD;
const stored = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));

/** Identities, stack traces and inputs name the machine on which it was recorded. */
async function storeHistory(
  client: Client,
  workflowId: string,
  file: string,
  runId?: string,
  work = '',
): Promise<void> {
  const history = historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
  const anonymous = history
    .replaceAll(`${process.pid}@${hostname()}`, 'worker@host')
    .replaceAll(`${process.cwd()}/`, '')
    .replaceAll(work || '\0', '/work');
  mkdirSync(join(folder, version ?? ''), { recursive: true });
  writeFileSync(join(folder, version ?? '', `${file}.json`), `${anonymous}\n`);
}

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
        {
          parts: scenario.parts?.() ?? script.parts,
          config: { ...config, queues: { prefix: name, ...config?.queues } },
        },
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
          const store = (file: string, runId?: string) => storeHistory(server.client, handle.workflowId, file, runId);
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

  test('records the workflows around the loop', async () => {
    const out = mkdtempSync(join(tmpdir(), 'husky-replay-'));
    const lab = await startLab();
    const connection = await NativeConnection.connect({ address: lab.address });
    try {
      const run = (workflowId: string, change: Partial<PipelinePlan>) =>
        lab.withWorker(
          pipelineContext(),
          () =>
            lab.client.workflow.execute('huskyPipeline', {
              args: [{ plan: pipelinePlan(out, workflowId, change) }],
              workflowId,
              taskQueue: 'lab',
            }),
          'lab',
          pipelineOptions(connection),
        );
      const teacher = { ...pipelinePlan(out, '').teacher, mistakes: { wrongNumber: 0.12 } };
      await run('pipeline', { teacher, rounds: 2 });
      const { synthesize } = pipelinePlan(out, '');
      await run('pipeline-modular', { teacher, synthesize: { ...synthesize, style: 'modular' } });
      const children = ['synthesize', 'synthesize/question-0', 'train', 'evaluate', 'evaluate/maps:0:0'];
      for (const id of ['pipeline', 'pipeline-modular']) {
        await storeHistory(lab.client, id, id, undefined, out);
        for (const child of children)
          await storeHistory(
            lab.client,
            `${id}/round-1/${child}`,
            `${id}-${child.replaceAll(/[/:]/g, '-')}`,
            undefined,
            out,
          );
      }
    } finally {
      await connection.close();
      await lab.stop();
      rmSync(out, { recursive: true, force: true });
    }
  });
} else {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown;
  const finished = stored.find((name) => name.endsWith('finished.json')) ?? '';
  const sinks = new SolutionCache().sinks();
  let workflowBundle: WorkflowBundle;
  beforeAll(async () => {
    workflowBundle = await labCode();
  });

  test('histories are stored', () => {
    expect(existsSync(folder)).toBe(true);
    expect(stored.length).toBeGreaterThanOrEqual(scenarios.length);
  });

  test.each(stored)('%s replays', async (file) => {
    const history = historyFromJSON(read(file));
    // Workflows with children name them after themselves.
    const { workflowId } = history.events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
    await Worker.runReplayHistory({ workflowBundle, sinks }, history, workflowId ?? undefined);
  });

  test('a replay calls no sink, so that one without our plugin has no error to log', async () => {
    const called: string[] = [];
    const names = Object.keys(new SolutionCache().sinks().husky);
    const sink = (name: string) => ({ fn: () => void called.push(name), callDuringReplay: true });
    const sinks = { husky: Object.fromEntries(names.map((name) => [name, sink(name)])) };
    await Worker.runReplayHistory({ workflowBundle, sinks }, historyFromJSON(read(finished)));
    expect(called).toEqual([]);
  });

  test('a history that does not fit the code is noticed', async () => {
    const workflowBundle = await workflowCodeOf(require.resolve('./workflows-changed-without-a-patch'));
    await expect(Worker.runReplayHistory({ workflowBundle, sinks }, read(finished))).rejects.toThrow(
      /[Nn]ondeterminism/,
    );
  });

  test('code that was changed behind a patch replays what began before the change', async () => {
    const workflowBundle = await workflowCodeOf(require.resolve('../integration/workflows-of-the-next-version'));
    await Worker.runReplayHistory({ workflowBundle, sinks }, read(finished));
  });
}
