/** Explains why a file cannot be fetched, and what to do. */
import { saidError } from '../../http/error-body';
import { networkReason } from '../../http/network-reason';
import { oneLine } from '../../trajectory/bounded-text';
import { nameOf, type HubReference } from './hub-reference';

/** A file that cannot be fetched. */
export class HubError extends Error {
  override readonly name = 'HubError';
  constructor(
    message: string,
    /** Whether the same request may succeed a little later. */
    readonly again: boolean,
  ) {
    super(message);
  }
}

export interface Hub {
  endpoint: string;
  token?: string;
}

/** `HF_ENDPOINT` names a mirror; the token is that of `HF_TOKEN`. */
export function hubOf(env: NodeJS.ProcessEnv): Hub {
  const token = env.HF_TOKEN?.trim() || env.HUGGING_FACE_HUB_TOKEN?.trim();
  return {
    endpoint: (env.HF_ENDPOINT?.trim() || 'https://huggingface.co').replace(/\/+$/, ''),
    ...(token ? { token } : {}),
  };
}

/** The error of a refused request, by the hub's `x-error-code`, else by status. */
export function refusedFile(
  reference: HubReference,
  hub: Hub,
  status: number,
  headers: Headers,
  body: string,
): HubError {
  const { repo, revision, file } = reference;
  const page = `${hub.endpoint}/${repo}`;
  const said = oneLine(headers.get('x-error-message') ?? saidError(body).message, 200);
  const code = headers.get('x-error-code');
  if (code === 'GatedRepo' || (status === 403 && hub.token !== undefined))
    return new HubError(
      `${repo} is open only to those who accepted its terms${hub.token ? ' and the token in HF_TOKEN is not of such an account' : ''}: accept them at ${page}, and set HF_TOKEN to a token of that account.`,
      false,
    );
  if (code === 'EntryNotFound')
    return new HubError(
      `${repo} has no file ${file} in ${revision}; its files are listed at ${page}/tree/${revision}.`,
      false,
    );
  if (code === 'RevisionNotFound') return new HubError(`${repo} has no revision ${revision}; see ${page}.`, false);
  if (status === 401 || status === 403 || code === 'RepoNotFound')
    return new HubError(
      `There is no repository ${repo} at ${hub.endpoint}, or it is private${hub.token ? ' and the token in HF_TOKEN may not read it' : ': set HF_TOKEN to a token that may read it'}.`,
      false,
    );
  if (status === 404)
    return new HubError(`${hub.endpoint} has no ${nameOf(reference)}; check owner, repository and file.`, false);
  const again = status === 408 || status === 429 || status >= 500;
  return new HubError(`${hub.endpoint} answered ${status}${said ? `: ${said}` : ''} for ${nameOf(reference)}.`, again);
}

/** The error of a hub that cannot be reached. */
export function unreachable(error: unknown, reference: HubReference, hub: Hub, env: NodeJS.ProcessEnv): HubError {
  return new HubError(
    `${nameOf(reference)} cannot be fetched: ${new URL(hub.endpoint).host} could not be reached (${networkReason(error, hub.endpoint, env)}). Without a network, copy the file here and name its path; HF_ENDPOINT names a mirror, HTTPS_PROXY a proxy.`,
    true,
  );
}
