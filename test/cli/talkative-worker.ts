/** Replays a history with what HUSKY_LOG asks the SDK to tell; for quiet-runtime.test.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Runtime, Worker } from '@temporalio/worker';
import { quietRuntime } from '../../src/cli/terminal/quiet-runtime';
import { SolutionCache } from '../../src/runtime/solution-cache';

quietRuntime();
const history: unknown = JSON.parse(
  readFileSync(join(__dirname, '../replay/histories/0.1.0/finished-advance.json'), 'utf8'),
);
void Worker.runReplayHistory(
  { workflowsPath: join(__dirname, '../../src/workflows.ts'), sinks: new SolutionCache().sinks() },
  history,
).finally(() => Runtime.instance().shutdown());
