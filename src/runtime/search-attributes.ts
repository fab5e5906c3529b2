/**
 * Checks whether a namespace has the typed search attributes of solutions. Setting a missing one would fail the workflow task again and
 * again and hold up the solution.
 */
import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../contract/names';

/** Names and types, as the Temporal CLI writes them. */
const WANTED = { [SEARCH_ATTRIBUTES.stopReason]: 'Keyword', [SEARCH_ATTRIBUTES.steps]: 'Int' } as const;
/** Temporal's numbers of indexed value types. */
const TYPES: Record<number, string> = {
  1: 'Text',
  2: 'Keyword',
  3: 'Int',
  4: 'Double',
  5: 'Bool',
  6: 'Datetime',
  7: 'KeywordList',
};

/**
 * @returns one sentence that names a missing or wrong attribute and the command that adds it; undefined if there is none
 * @throws if the server does not say, for example without permission
 */
export async function searchAttributeProblem(client: Client): Promise<string | undefined> {
  const { namespace } = client.options;
  const { customAttributes = {} } = await client.connection.operatorService.listSearchAttributes({ namespace });
  const wrong = Object.entries(WANTED).filter(([name, type]) => TYPES[customAttributes?.[name] ?? 0] !== type);
  if (wrong.length === 0) return undefined;
  const all = wrong.map(([name, type]) => {
    const has = TYPES[customAttributes?.[name] ?? 0];
    return has ? `${name} is of type ${has}, not ${type}` : `${name} does not exist`;
  });
  const commands = wrong.map(([name, type]) => `--name ${name} --type ${type}`).join(' ');
  return `searchAttributes is true, but on namespace ${namespace} ${all.join(' and ')}. Create what is absent: temporal operator search-attribute create ${commands} --namespace ${namespace}; one of another type has to be removed first.`;
}
