/** Checks the workflow code of a user's worker before it starts: it must contain Husky's workflows, and one copy of the SDK. */
import { readFileSync } from 'node:fs';
import type { BundleOptions, WorkerOptions } from '@temporalio/worker';
import { createFailure } from './failures';
import { mustHoldOneCopy } from './temporal-copies';
import type { WorkflowDoor } from './workflow-code';

const DOORS: Record<WorkflowDoor, { module: RegExp; line: string }> = {
  solve: { module: /workflows[\\/]solve[\\/]solve\.[jt]s \*{3}!/, line: "export * from 'temporal-husky/workflows'" },
  lab: { module: /workflows[\\/]lab[\\/]evaluate\.[jt]s \*{3}!/, line: "export * from 'temporal-husky/workflows/lab'" },
};

/**
 * @param code as the SDK bundles it; code of another bundler, without the names of its modules, is not looked at
 * @throws ConfigurationInvalid with the line that is missing
 */
function checkWorkflowCode(code: string, door: WorkflowDoor): void {
  if (!/!\*{3} .* \*{3}!/.test(code)) return;
  const { module, line } = DOORS[door];
  if (!module.test(code))
    throw createFailure(
      'ConfigurationInvalid',
      `The worker's workflow code lacks Husky's workflows; add to your workflows module: ${line}.`,
    );
  mustHoldOneCopy(code);
}

/** The code of an existing bundle. */
export function checkWorkflowBundle(
  { workflowBundle }: Pick<WorkerOptions, 'workflowBundle'>,
  door: WorkflowDoor,
): void {
  if (!workflowBundle) return;
  checkWorkflowCode(
    'code' in workflowBundle ? workflowBundle.code : readFileSync(workflowBundle.codePath, 'utf8'),
    door,
  );
}

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/** Checks a bundle when the SDK has made it. */
export function checkWhenBundled(options: BundleOptions, door: WorkflowDoor): BundleOptions {
  const check: NonNullable<WebpackConfig['plugins']>[number] = {
    apply: (compiler: { hooks: { emit: { tap(name: string, look: (compilation: Emitted) => void): void } } }) =>
      compiler.hooks.emit.tap('temporal-husky', ({ assets }) => {
        for (const asset of Object.values(assets)) checkWorkflowCode(String(asset.source()), door);
      }),
  };
  const before = options.webpackConfigHook ?? ((config) => config);
  return {
    ...options,
    webpackConfigHook: (config) => {
      const changed = before(config);
      return { ...changed, plugins: [...(changed.plugins ?? []), check] };
    },
  };
}

interface Emitted {
  assets: Record<string, { source(): string | Buffer }>;
}
