/** Explains why a server could not be reached, and what to do. */
import { oneLine } from '../trajectory/bounded-text';
import { proxyFor, proxyName } from './environment-proxy';

/** Characters of the network's own words that a message keeps. */
const EXCERPT = 300;

const CERTIFICATE =
  'its certificate is signed by an authority that Node does not know; name a file with that authority in NODE_EXTRA_CA_CERTS before the start';

/** What to do, by the code of the innermost error. */
const ADVICE: Record<string, string> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  CERT_HAS_EXPIRED: 'its certificate has expired, or the clock of this machine is wrong',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this machine is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name; use the name that the certificate has',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there; the address may have to begin with http://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS there; the address may have to begin with http://',
  ENOTFOUND: 'the name is not known; check the host, or the proxy that this network needs (HTTPS_PROXY)',
  EAI_AGAIN: 'the name server does not answer for now',
};

interface Cause {
  message: string;
  code?: unknown;
  cause?: unknown;
  errors?: unknown;
}

/** Such as `ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9`, with advice if there is any, and the proxy if one was used. */
export function networkReason(error: unknown, address: string | URL, env?: NodeJS.ProcessEnv): string {
  const reason =
    inCauses(error, ({ code }) => typeof code === 'string' && !code.startsWith('UND_ERR_ABORTED')) ??
    inCauses(error, () => true);
  const code = typeof reason?.code === 'string' ? reason.code : undefined;
  const said = reason === undefined ? String(error) : reason.message || String(reason.code);
  const words = oneLine(code !== undefined && !said.startsWith(code) ? `${code}: ${said}` : said, EXCERPT);
  const advice = code === undefined ? undefined : ADVICE[code];
  const proxy = proxyFor(address, env);
  const through = proxy === undefined ? '' : `, through the proxy ${proxyName(proxy)} of the environment`;
  return `${words}${advice === undefined ? '' : `: ${advice}`}${through}`;
}

/** The innermost fitting error among an error and its causes. */
export function inCauses(error: unknown, fits: (cause: Cause) => boolean): Cause | undefined {
  let found: Cause | undefined;
  let cause = error;
  for (let depth = 0; depth < 10 && typeof cause === 'object' && cause !== null && 'message' in cause; depth += 1) {
    const link = cause as Cause;
    if (fits(link)) found = link;
    // A host with several addresses has one error for each; the first is shown.
    cause = link.cause ?? (Array.isArray(link.errors) ? link.errors[0] : undefined);
  }
  return found;
}
