/** Repeats the beginning of a TLS connection to find out why it fails: the libraries say only that it did. */
import { connect, type ConnectionOptions } from 'node:tls';
import type { ConnectionProblem } from './connection-problem';
import { tlsGiven, trustedRoots, type ServerSettings } from './connection-options';
import type { ServerAddress } from './server-address';

/** Milliseconds for the handshake. */
const LIMIT = 3000;
/** Milliseconds to wait for what a TLS 1.3 server says after the handshake, such as that it wants another client certificate. */
const LATE_ALERT = 500;

export async function tlsProblem(
  { tls, apiKey }: ServerSettings,
  at: ServerAddress,
  env: NodeJS.ProcessEnv,
): Promise<ConnectionProblem | undefined> {
  const wanted = Boolean(tls) || (tls !== false && apiKey !== undefined);
  const given = tlsGiven({ tls });
  const met = await handshake(at, given);
  if (!met) return undefined;
  const { speaksTls, refusal, distrust } = met;
  if (!speaksTls)
    return wanted
      ? {
          what: 'it speaks no TLS, and TLS is asked for by the profile, TEMPORAL_TLS or an API key',
          advice: 'Unset them, or correct the address.',
        }
      : undefined;
  if (!wanted)
    return {
      what: 'it speaks TLS, and the connection does not',
      advice: 'Set TEMPORAL_TLS=true; an API key or a client certificate turns TLS on, too.',
    };
  // A certificate that is not trusted explains more than what follows from it.
  if (distrust) return certificateProblem(distrust, given.serverNameOverride ?? at.host, env);
  return refusal === undefined ? undefined : refusalProblem(refusal, given.clientCertPair !== undefined, apiKey);
}

/** @param refusal code of the server's alert; empty if it closed the connection without one */
function refusalProblem(
  refusal: string,
  showsCertificate: boolean,
  apiKey: ServerSettings['apiKey'],
): ConnectionProblem | undefined {
  if (/PROTOCOL_VERSION/.test(refusal))
    return { what: 'it speaks only versions of TLS before 1.2', advice: 'It has to be set up for TLS 1.2 or 1.3.' };
  if (/NO_APPLICATION_PROTOCOL/.test(refusal))
    return {
      what: 'it offers no HTTP/2 over TLS, which gRPC needs',
      advice: 'Correct the address, or let the load balancer in front of it pass HTTP/2 (ALPN h2).',
    };
  if (/UNRECOGNIZED_NAME/.test(refusal))
    return {
      what: 'it has no certificate for that name',
      advice: 'Correct the address, or name the server in TEMPORAL_TLS_SERVER_NAME.',
    };
  if (showsCertificate)
    return {
      what: `it does not accept the client certificate${refusal === '' ? '' : ` (${refusal})`}`,
      advice: 'Its authority has to be one that the server knows; in Temporal Cloud, one of the namespace.',
    };
  if (refusal === '') return undefined;
  if (apiKey !== undefined)
    return {
      what: 'it asks for a client certificate, and an API key is set',
      advice:
        'Temporal Cloud takes API keys at its regional addresses (REGION.PROVIDER.api.temporal.io:7233): correct the address, or set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.',
    };
  return {
    what: 'it asks for a client certificate, and none is set',
    advice: 'Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.',
  };
}

function certificateProblem(
  { code = '', message }: NodeJS.ErrnoException,
  name: string,
  env: NodeJS.ProcessEnv,
): ConnectionProblem {
  const skip = env.TEMPORAL_TLS_DISABLE_HOST_VERIFICATION
    ? ' TEMPORAL_TLS_DISABLE_HOST_VERIFICATION does nothing here: this SDK checks every certificate.'
    : '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      what: `its certificate is not for ${name}: ${message}`,
      advice: `Correct the address, or name the server in TEMPORAL_TLS_SERVER_NAME.${skip}`,
    };
  if (code === 'CERT_HAS_EXPIRED') return { what: 'its certificate has expired', advice: `Renew it.${skip}` };
  if (code === 'CERT_NOT_YET_VALID')
    return { what: 'its certificate is not valid yet', advice: `Check the clock of this machine.${skip}` };
  if (/SELF_SIGNED|UNABLE_TO/.test(code))
    return {
      what: `its certificate is signed by an authority that this machine does not trust: ${message}`,
      advice: `Name the certificate of its authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH or NODE_EXTRA_CA_CERTS; an image without certificates needs the package ca-certificates.${skip}`,
    };
  return { what: `its certificate is not accepted: ${message}`, advice: `It needs another one.${skip}` };
}

interface Handshake {
  speaksTls: boolean;
  /** Why the server ended it: the code of its alert, or empty. */
  refusal?: string;
  distrust?: NodeJS.ErrnoException;
}

/** @returns undefined where nothing is said in time: a busy server may speak TLS or not */
async function handshake(
  { host, port }: ServerAddress,
  given: ReturnType<typeof tlsGiven>,
): Promise<Handshake | undefined> {
  const ca = given.serverRootCACertificate ? [Buffer.from(given.serverRootCACertificate)] : trustedRoots();
  const pair = given.clientCertPair;
  const servername = given.serverNameOverride ?? (/[a-z]/i.test(host) && !host.includes(':') ? host : '');
  const options: ConnectionOptions = {
    host,
    port,
    ca,
    servername,
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
    timeout: LIMIT,
    ...(pair ? { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) } : {}),
  };
  return new Promise((resolve) => {
    let met: Handshake | undefined;
    const socket = connect(options);
    const end = (result?: Handshake) => (socket.destroy(), resolve(result));
    socket.once('secureConnect', () => {
      const distrust = socket.authorizationError as unknown as NodeJS.ErrnoException | string | null;
      met = { speaksTls: true };
      if (distrust)
        met.distrust = typeof distrust === 'string' ? { name: '', code: distrust, message: distrust } : distrust;
      setTimeout(() => end(met as Handshake), LATE_ALERT).unref();
    });
    socket.once('timeout', () => end(met));
    socket.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      if (/ALERT|UNRECOGNIZED_NAME/i.test(`${code} ${message}`)) end({ ...met, speaksTls: true, refusal: code });
      else end(met ? { ...met, refusal: '' } : { speaksTls: false });
    });
    socket.once('close', () => end(met ? { ...met, refusal: '' } : { speaksTls: false }));
  });
}
