/** Explains why a file cannot be fetched, and what to do. */
import { join } from 'node:path';
import { saidError } from '../../http/error-body';
import { networkReason } from '../../http/network-reason';
import { retryAfterMs } from '../../http/retry-after';
import { oneLine } from '../../trajectory/bounded-text';
import { nameOf, type HubReference } from './hub-reference';
import { lineOf, sharedHome } from './model-cache';

/** A file that cannot be fetched. */
export class HubError extends Error {
  override readonly name = 'HubError';
  constructor(
    message: string,
    /** Whether the same request may succeed a little later. */
    readonly again: boolean,
    /** Milliseconds that the hub wants to be left alone. */
    readonly waitMs?: number,
  ) {
    super(message);
  }
}

export interface Hub {
  endpoint: string;
  token?: string;
}

/** `HF_ENDPOINT` names a mirror; the token is that of `HF_TOKEN`, or the one that `hf auth login` has stored. */
export function hubOf(env: NodeJS.ProcessEnv): Hub {
  const isImplicit = !isOn(env.HF_HUB_DISABLE_IMPLICIT_TOKEN);
  const stored = isImplicit ? lineOf(env.HF_TOKEN_PATH || join(sharedHome(env), 'token')) : undefined;
  const token = env.HF_TOKEN?.trim() || env.HUGGING_FACE_HUB_TOKEN?.trim() || stored;
  return { endpoint: (env.HF_ENDPOINT?.trim() || 'https://huggingface.co').replace(/\/+$/, ''), token };
}

/** Whether a variable of Hugging Face's tools is set. */
export const isOn = (value = ''): boolean => /^(1|true|yes|on)$/i.test(value);

/** A file that is asked for, and of whom. */
export interface AskedFile {
  reference: HubReference;
  hub: Hub;
}

export interface RefusedAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** The error of a refused request, by the hub's `x-error-code`, else by status. */
export function refusedFile({ reference, hub }: AskedFile, answer: RefusedAnswer): HubError {
  const { repo, revision, file } = reference;
  const { status, headers, body } = answer;
  const page = `${hub.endpoint}/${repo}`;
  const said = oneLine(headers.get('x-error-message') ?? saidError(body).message, 200);
  const code = headers.get('x-error-code');
  const lasting = (message: string) => new HubError(message, false);
  if (status === 401 && hub.token !== undefined && /credential|username|token|expired/i.test(said))
    return lasting(
      `${hub.endpoint} does not take the token (${said}); set HF_TOKEN to a valid one, or unset it for what is open to all.`,
    );
  if (code === 'GatedRepo' || (status === 403 && hub.token !== undefined))
    return lasting(
      `${repo} is open only to those who accepted its terms${hub.token ? ' and its token (HF_TOKEN, or of hf auth login) is not of such an account' : ''}: accept them at ${page}, and set HF_TOKEN to a token of that account.`,
    );
  if (code === 'EntryNotFound')
    return lasting(`${repo} has no file ${file} in ${revision}; its files are listed at ${page}/tree/${revision}.`);
  if (code === 'RevisionNotFound') return lasting(`${repo} has no revision ${revision}; see ${page}.`);
  if (status === 401 || status === 403 || code === 'RepoNotFound')
    return lasting(
      `There is no repository ${repo} at ${hub.endpoint}, or it is private${hub.token ? ' and its token (HF_TOKEN, or of hf auth login) may not read it' : ': set HF_TOKEN to a token that may read it'}.`,
    );
  if (status === 404) return lasting(`${hub.endpoint} has no ${nameOf(reference)}; check owner, repository and file.`);
  return passing(`${hub.endpoint} answered ${status}${said ? `: ${said}` : ''} for ${nameOf(reference)}.`, answer);
}

/** The error of the server with the content, to which the hub has led. Its addresses end after an hour; a new one comes with the next try. */
export function refusedContent({ reference, hub }: AskedFile, answer: RefusedAnswer): HubError {
  const { status, body } = answer;
  const said = oneLine(saidError(body).message, 200);
  const advice =
    status === 403
      ? ' The hub had allowed it: something on the way, such as a firewall, may keep out the servers with its content (*.hf.co, *.xethub.hf.co).'
      : '';
  const text = `The content of ${nameOf(reference)}, to which ${hub.endpoint} leads, was refused with ${status}${said ? `: ${said}` : ''}.${advice}`;
  return status === 403 ? new HubError(text, true) : passing(text, answer);
}

function passing(message: string, { status, headers, body }: RefusedAnswer): HubError {
  const again = status === 408 || status === 429 || status >= 500;
  return new HubError(message, again, again ? retryAfterMs(headers, Date.now(), body) : undefined);
}

/** The error of a hub that cannot be reached. */
export function unreachable(error: unknown, { reference, hub }: AskedFile, env: NodeJS.ProcessEnv): HubError {
  return new HubError(
    `${nameOf(reference)} cannot be fetched: ${new URL(hub.endpoint).host} could not be reached (${networkReason(error, hub.endpoint, env)}). Without a network, copy the file here and name its path; HF_ENDPOINT names a mirror, HTTPS_PROXY a proxy.`,
    true,
  );
}
