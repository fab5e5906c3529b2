/**
 * Husky as a Nexus service, for workflows of other namespaces and other languages. Workflow-safe: the definition alone.
 *
 * @module
 */
import * as nexus from 'nexus-rpc';
import type { Solution } from '../trajectory/step';
import type { SolveInput } from './run-solution';

/** Service `husky`, operation `solve`. The input of `solve` is `{ question, limits? }`, its result the Solution. */
export const huskyService = nexus.service('husky', {
  solve: nexus.operation<SolveInput, Solution>(),
});
