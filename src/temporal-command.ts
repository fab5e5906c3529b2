/** Commands of Temporal's CLI that people are told, as they reach the right server and namespace from a shell without settings. */
import type { WorkflowClient } from '@temporalio/client';

/** Where a command goes; without an address it is left to the environment. */
export interface TemporalPlace {
  address?: string;
  namespace: string;
}

export function temporalCommand({ address, namespace }: TemporalPlace, command: string): string {
  const where = !address || /^(localhost|127\.0\.0\.1):7233$/.test(address) ? '' : ` --address ${address}`;
  return `temporal ${command}${where}${namespace === 'default' ? '' : ` --namespace ${namespace}`}`;
}

/** The server and namespace that a client asks. Connections of workers keep their address to themselves. */
export function placeOf(client: {
  connection: WorkflowClient['connection'];
  options: { namespace: string };
}): TemporalPlace {
  const { options } = client.connection as { options?: { address?: string } };
  return { ...(options?.address ? { address: options.address } : {}), namespace: client.options.namespace };
}
