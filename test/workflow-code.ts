/**
 * Workflow code for the workers of tests. Bundling takes webpack some seconds of a processor, so that what one test file has bundled is
 * kept in node_modules/.cache and read by the others, as long as no source has changed.
 */
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';
import { TRACE_MODULE } from '../src/runtime/trace-activities';

const ROOT = join(__dirname, '..');
const CACHE = join(ROOT, 'node_modules/.cache/temporal-husky');
const logger = new DefaultLogger('ERROR');
const bundles = new Map<string, Promise<WorkflowBundle>>();

/**
 * Options for the workers of tests: workflows run in the thread of the test. Each thread for them costs a third of a second of a processor;
 * the workers that tests start as commands have them. HUSKY_TEST_THREADS=1 gives them to all.
 */
export const inOneThread = process.env.HUSKY_TEST_THREADS ? {} : { debugMode: true };

/** The workflows of a worker that solves. */
export const solvingCode = () => workflowCodeOf(require.resolve('../src/workflows'), [TRACE_MODULE]);

/** The workflows of a worker of the lab. */
export const labCode = () => workflowCodeOf(require.resolve('../src/workflows-lab'));

/** @param workflowsPath a module of workflows, in src or in test */
export function workflowCodeOf(workflowsPath: string, interceptors: readonly string[] = []): Promise<WorkflowBundle> {
  const known = bundles.get(workflowsPath);
  if (known) return known;
  const bundle = kept(workflowsPath, interceptors);
  bundles.set(workflowsPath, bundle);
  return bundle;
}

async function kept(workflowsPath: string, interceptors: readonly string[]): Promise<WorkflowBundle> {
  const name = basename(workflowsPath).replace(/\.ts$/, '');
  const file = join(CACHE, `${name}-${stateOfSources(workflowsPath, interceptors)}.js`);
  try {
    return { code: readFileSync(file, 'utf8') };
  } catch {
    const bundle = await bundleWorkflowCode({
      workflowsPath,
      workflowInterceptorModules: [...interceptors],
      logger,
    });
    mkdirSync(CACHE, { recursive: true });
    // Another test file may write the same at the same time.
    writeFileSync(`${file}.${process.pid}`, bundle.code);
    renameSync(`${file}.${process.pid}`, file);
    return bundle;
  }
}

/** Differs when a file that may be in the bundle has changed. */
function stateOfSources(workflowsPath: string, interceptors: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([workflowsPath, interceptors]));
  const folders = ['src/**/*.ts', `${relative(ROOT, dirname(workflowsPath))}/*.ts`, 'package-lock.json'];
  for (const file of globSync(folders, { cwd: ROOT }).sort()) {
    const { size, mtimeMs } = statSync(join(ROOT, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}
