/** The version of a worker in a rolling deployment, from options or from what Temporal's Worker Controller for Kubernetes sets. */
import { ProgramError } from '../../process/program-error';

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
 * @throws ProgramError (2) where one is named without the other
 */
export function deploymentOf(flags: DeploymentFlags, env: NodeJS.ProcessEnv = process.env): Deployment | undefined {
  const name = flags.deployment ?? env.TEMPORAL_DEPLOYMENT_NAME;
  const version = flags.deploymentVersion ?? env.TEMPORAL_WORKER_BUILD_ID;
  if (!name && !version) return undefined;
  if (name && version) return { name, version };
  throw new ProgramError(
    name
      ? `The deployment ${name} has no version: add --deployment-version ID (or TEMPORAL_WORKER_BUILD_ID).`
      : `The version ${version} belongs to no deployment: add --deployment NAME (or TEMPORAL_DEPLOYMENT_NAME).`,
    2,
  );
}
