/** What is wrong with certificates and keys as they were given, found without asking a server. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ConnectionProblem } from './connection-problem';
import { tlsGiven, type ServerSettings } from './connection-options';

type Part = 'CLIENT_CERT' | 'CLIENT_KEY' | 'SERVER_CA_CERT';

const KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\r?\n/;
const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----\r?\n/;

export function pemProblem(
  settings: Pick<ServerSettings, 'tls'>,
  env: NodeJS.ProcessEnv,
): ConnectionProblem | undefined {
  const { clientCertPair: pair, serverRootCACertificate: ca } = tlsGiven(settings);
  return (
    halfPair(pair !== undefined, env) ??
    (pair && malformed('CLIENT_CERT', pair.crt, env)) ??
    (pair && malformed('CLIENT_KEY', pair.key, env)) ??
    (ca && malformed('SERVER_CA_CERT', ca, env)) ??
    (pair && unusable(pair.crt, pair.key, env))
  );
}

/** The libraries leave out a certificate without key, and a key without certificate. */
function halfPair(isWhole: boolean, env: NodeJS.ProcessEnv): ConnectionProblem | undefined {
  const [certificate, key] = [variableOf('CLIENT_CERT', env), variableOf('CLIENT_KEY', env)];
  if (isWhole || (certificate === undefined) === (key === undefined)) return undefined;
  return {
    what: `${certificate ?? key} is set without its ${certificate === undefined ? 'certificate' : 'key'}`,
    advice: `Set TEMPORAL_TLS_CLIENT_${certificate === undefined ? 'CERT' : 'KEY'}_PATH, too.`,
  };
}

function malformed(part: Part, bytes: Uint8Array, env: NodeJS.ProcessEnv): ConnectionProblem | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const wanted = part === 'CLIENT_KEY' ? KEY : CERTIFICATE;
  const name = nameOf(part, env);
  if (part === 'CLIENT_KEY' && /-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text))
    return {
      what: `the key of ${name} is protected by a passphrase, which Temporal's settings cannot hold`,
      advice: 'Take it off: openssl pkey -in KEY -out KEY.plain',
    };
  if (wanted.test(text)) return undefined;
  const kind = part === 'CLIENT_KEY' ? 'key' : 'certificate';
  const [reason, advice] = whyNoPem(text, kind, bytes[0] === 0x30);
  return { what: `${name} is no PEM file with a ${kind}: ${reason}`, advice: `${advice}.` };
}

function whyNoPem(text: string, kind: 'certificate' | 'key', isDer: boolean): [reason: string, advice: string] {
  if (text.trim() === '') return ['it is empty', `Name the file of the ${kind}`];
  if (/-----BEGIN /.test(text)) {
    if (text.includes('\\n'))
      return ['its line ends are written as the two characters \\n', 'Put real line ends there, or name a file'];
    if (!/-----\r?\n/.test(text)) return ['its line ends are gone', 'Keep them (quote the variable), or name a file'];
    const [, found = ''] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? [];
    return [`it holds ${found}`, 'Certificate and key may have been exchanged'];
  }
  if (Buffer.from(text, 'base64').subarray(0, 10).toString() === '-----BEGIN')
    return ['it is encoded as base64', 'Decode it (base64 -d)'];
  if (isDer)
    return ['it is in the binary form DER', `Convert it: openssl ${kind === 'key' ? 'pkey' : 'x509'} -inform der`];
  if (/^(?:[~./\\]|[A-Z]:\\).*$/.test(text.trim()))
    return ['it holds a path', 'Variables that end in _PATH take a path'];
  return ['no line begins with -----BEGIN', `Name the file of the ${kind}`];
}

/** A certificate that no server accepts. */
function unusable(crt: Uint8Array, key: Uint8Array, env: NodeJS.ProcessEnv): ConnectionProblem | undefined {
  const name = nameOf('CLIENT_CERT', env);
  try {
    const certificate = new X509Certificate(Buffer.from(crt));
    if (!certificate.checkPrivateKey(createPrivateKey(Buffer.from(key))))
      return {
        what: 'the client certificate and its key do not belong together',
        advice: `Correct ${name} and ${nameOf('CLIENT_KEY', env)}.`,
      };
    const [from, to] = [certificate.validFromDate, certificate.validToDate];
    if (to < new Date())
      return { what: `the client certificate of ${name} expired on ${day(to)}`, advice: 'Have it renewed.' };
    if (from > new Date())
      return { what: `the client certificate of ${name} is valid from ${day(from)} on`, advice: 'Check the clock.' };
    return undefined;
  } catch (error) {
    return {
      what: `the client certificate or its key cannot be read: ${(error as Error).message}`,
      advice: `Correct ${name} and ${nameOf('CLIENT_KEY', env)}.`,
    };
  }
}

const day = (date: Date) => date.toISOString().slice(0, 10);

const nameOf = (part: Part, env: NodeJS.ProcessEnv) =>
  variableOf(part, env) ?? `tls.${part.toLowerCase()}_path of the Temporal profile`;

/** The variable that gives it, if one does. */
function variableOf(part: Part, env: NodeJS.ProcessEnv): string | undefined {
  return [`TEMPORAL_TLS_${part}_DATA`, `TEMPORAL_TLS_${part}_PATH`].find((name) => env[name]);
}
