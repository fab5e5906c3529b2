/** Husky as a Nexus service, for workflows of other namespaces and other languages. Workflow-safe: the definition alone. */
import * as nexus from 'nexus-rpc';
import type { Solution } from '../../trajectory/step';
import type { SolveInput } from './run-solution';

/** More than this is left out; an empty or over-long question is refused with InputInvalid. */
export interface NexusSolveInput extends Pick<SolveInput, 'question' | 'limits'> {
  /** Workflow id. The same question under it joins the solution, running or ended; another one is refused. @default one for each call */
  id?: string;
}

/** Service `husky`, operation `solve`. The input of `solve` is `{ question, limits?, id? }`, its result the Solution. */
export const huskyService = nexus.service('husky', {
  solve: nexus.operation<NexusSolveInput, Solution>(),
});
