/** The version of a worker in a rolling deployment, from options or from what Temporal's Worker Controller for Kubernetes sets. */
import { ProgramError } from '../../process/program-error';
import { oneLine } from '../../trajectory/bounded-text';

export interface Deployment {
  name: string;
  version: string;
}

export interface DeploymentFlags {
  deployment?: string;
  deploymentVersion?: string;
}

/**
 * @returns undefined where neither is named
 * @throws ProgramError (2) where one is named without the other, or the server would refuse it
 */
export function deploymentOf(flags: DeploymentFlags, env: NodeJS.ProcessEnv = process.env): Deployment | undefined {
  const name = (flags.deployment ?? env.TEMPORAL_DEPLOYMENT_NAME)?.trim();
  const version = (flags.deploymentVersion ?? env.TEMPORAL_WORKER_BUILD_ID)?.trim();
  if (!name && !version) return undefined;
  if (name && version) return { name: accepted('name', name, /[.:]/), version: accepted('version', version) };
  throw new ProgramError(
    name
      ? `The deployment ${name} has no version: add --deployment-version ID (or TEMPORAL_WORKER_BUILD_ID).`
      : `The version ${version} belongs to no deployment: add --deployment NAME (or TEMPORAL_DEPLOYMENT_NAME).`,
    2,
  );
}

/** Characters that the server takes. */
const MAX_LENGTH = 1000;

/** The server refuses such names with each poll, and the worker would wait for ever without a word. */
function accepted(what: string, text: string, forbidden?: RegExp): string {
  const [character] = forbidden?.exec(text) ?? [];
  const why = character
    ? `it must not contain ${character}, which Temporal puts between name and version`
    : text.startsWith('__')
      ? 'it must not begin with __, which Temporal keeps for itself'
      : text.length > MAX_LENGTH
        ? `it has ${text.length} characters; ${MAX_LENGTH} are the limit`
        : undefined;
  if (why === undefined) return text;
  throw new ProgramError(`The deployment's ${what} ${oneLine(text, 80)} is not accepted: ${why}.`, 2);
}
