/**
 * Says in a sentence why Temporal's native core cannot be loaded. A door of the package that has workers imports it before them: the
 * loader's own error names neither the platform nor what to do.
 */
import { missingPackage } from './missing-package';
import { loadNativeCore } from './native-core';
import { nativeModuleProblem } from './native-module';

try {
  loadNativeCore();
} catch (error) {
  const problem = missingPackage(error) ?? nativeModuleProblem(error);
  if (problem === undefined) throw error;
  throw new Error(`${problem} A program that only asks can import temporal-husky/client, which needs no worker.`, {
    cause: error,
  });
}
