/** Temporal's native core, which workers need and clients do not. */
import { createRequire } from 'node:module';

/** @throws why it cannot be loaded */
export function loadNativeCore(): void {
  createRequire(require.resolve('@temporalio/worker'))('@temporalio/core-bridge');
}
