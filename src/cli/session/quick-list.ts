/**
 * Lists the solutions of a server on this machine without the SDK's client, whose loading would be most of the time that `husky list`
 * takes.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configFile } from '../../files/config-file';
import { homeFolder } from '../../files/user-folders';
import { questionOf, solutionsQuery, type FoundSolution, type ListOptions } from '../../list-solutions';
import { openLocalServer } from '../../temporal-server/local-server';
import { ANSWER_LIMIT_MS, WORD_AFTER_MS } from '../../temporal-server/answer-limit';
import { openPlainServer } from '../../temporal-server/plain-call';
import {
  dateOf,
  listWorkflows,
  readWorkflows,
  type PlainPage,
  type PlainPayload,
} from '../../temporal-server/plain-messages';
import { isLoopback } from '../../http/environment-proxy';
import { parseServerAddress } from '../../temporal-server/server-address';
import type { ConnectionFlags } from '../options/command-config';
import { encodedNote } from './encoded-payloads';

/** What both kinds of list tell of a workflow. */
type ListedSolution = FoundSolution<{
  workflowId: string;
  runId: string;
  taskQueue: string;
  startTime: Date;
  closeTime?: Date;
  status: { name: string };
  memo?: Record<string, unknown>;
}>;

/** Another one has to be asked by the SDK. */
const NAMESPACE = 'default';

export interface QuickList {
  address: string;
  namespace: string;
  /** Newest first. A question that no memo tells is left out. */
  solutions: AsyncIterable<ListedSolution>;
  close(): Promise<void>;
}

/** Variables that name a server, or say how it is reached; the other two do neither. */
const NAMES_A_SERVER = /^TEMPORAL_(?!CLI_PATH$|UI_URL$)/;

/**
 * @returns undefined where the SDK has to be asked: a server elsewhere, with TLS or of a profile, or one that does not answer
 * @throws ProgramError when the local server cannot be started
 */
export async function quickList(
  flags: ConnectionFlags,
  { pageSize = 200, ...wanted }: ListOptions,
  onProgress: (line: string) => void,
): Promise<QuickList | undefined> {
  if (flags.address && !isHere(flags.address)) return undefined;
  if (configFile({ path: flags.config }) !== undefined || namesServer(process.env)) return undefined;
  const local = flags.address ? undefined : await openLocalServer({ onProgress });
  const address = local?.address ?? (flags.address as string);
  const server = openPlainServer(address, ANSWER_LIMIT_MS);
  const query = solutionsQuery(wanted);
  const page = async (next: Uint8Array, limitMs?: number) => {
    const request = listWorkflows(NAMESPACE, query, Math.min(pageSize, 200), next);
    return readWorkflows(await server.call('ListWorkflowExecutions', request, limitMs));
  };
  const close = async () => {
    server.close();
    await local?.stop();
  };
  try {
    const first = await page(new Uint8Array(), WORD_AFTER_MS);
    return { address, namespace: NAMESPACE, solutions: eachSolution(first, page), close };
  } catch {
    await close();
    return undefined;
  }
}

function isHere(address: string): boolean {
  return isLoopback(parseServerAddress(address, '--address').host);
}

/** Whether the environment, or a profile in the user's folder, may name a server or a key. */
function namesServer(env: NodeJS.ProcessEnv): boolean {
  if (Object.entries(env).some(([name, value]) => value && NAMES_A_SERVER.test(name))) return true;
  const usual = env.XDG_CONFIG_HOME || join(homeFolder(), '.config');
  const folders = { win32: env.APPDATA, darwin: join(homeFolder(), 'Library', 'Application Support') };
  const folder = folders[process.platform as keyof typeof folders] ?? usual;
  return existsSync(join(folder, 'temporalio', 'temporal.toml'));
}

async function* eachSolution(
  first: PlainPage,
  page: (next: Uint8Array) => Promise<PlainPage>,
): AsyncGenerator<ListedSolution> {
  for (let current = first; ; current = await page(current.next)) {
    for (const { execution, startTime, closeTime, status, memo: told, taskQueue } of current.workflows) {
      const fields = Object.entries(told?.fields ?? {});
      const memo = Object.fromEntries(fields.map(([name, payload]) => [name, valueOf(payload)]));
      const times = { startTime: dateOf(startTime), closeTime: closeTime ? dateOf(closeTime) : undefined };
      yield {
        workflow: { ...execution, ...times, taskQueue, status: { name: status }, memo },
        question: questionOf(memo),
      };
    }
    if (current.next.length === 0) return;
  }
}

function valueOf({ metadata, data }: PlainPayload): unknown {
  const encoding = Buffer.from(metadata.encoding ?? []).toString();
  if (encoding === 'json/plain') return JSON.parse(Buffer.from(data).toString());
  return encoding === 'binary/null' ? undefined : encodedNote(encoding);
}
