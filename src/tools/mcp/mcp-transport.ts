/** The way to an MCP server: a child process, or HTTP. Keys are read from the environment here, and nowhere else. */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import {
  isJSONRPCRequest,
  StreamableHTTPClientTransport,
  type JSONRPCMessage,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fetch as fetchThrough, type RequestInit as ThroughInit } from 'undici';
import { createFailure } from '../../failures';
import { proxyFor } from '../../http/environment-proxy';
import { proxyDispatcher } from '../../http/proxy-dispatcher';
import { createRedactor } from '../../http/redact';
import { pause } from '../../process/abort';
import { MessageBuffer, mendedBody } from './loose-messages';
import type { McpServerConfig } from './mcp-config';
import { ANSWER_LOST } from './mcp-failure';

/** Bytes of one message; of a result a few thousand characters are used. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** Characters of a program's standard error that are told when it ends. */
const TOLD = 300;
/** Milliseconds that a server has to end a session. */
const LEAVE_MS = 2000;
/** Names of variables that hold a key. */
const KEY = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/i;

export interface Way {
  transport: Transport;
  /** What a program said last on its standard error, or why an answer over HTTP was not read to its end. */
  said(): string;
  /** How a program has ended by itself, such as `exit code 1`; empty where it runs, or where there is none. */
  ended(): string;
  /** Keeps the values of all named variables out of a message. */
  redact(text: string): string;
  /** Keeps keys out of a result, but not other variables: a tool may well name the folder that it was given. */
  withoutKeys(text: string): string;
  /** Ends the session at the server, if there is one. */
  leave(): Promise<void>;
}

/**
 * @param cut is called when an answer over HTTP was longer than a message may be
 * @throws ConfigurationInvalid where the configuration names a folder that is not there, or an environment variable that is not set
 */
export function openWay(name: string, config: McpServerConfig, env: NodeJS.ProcessEnv, cut: () => void): Way {
  const value = (variable: string): string => {
    const found = env[variable];
    if (found) return found;
    throw createFailure(
      'ConfigurationInvalid',
      `The MCP server ${name} needs the environment variable ${variable}, which is not set on this worker.`,
    );
  };
  if (config.url !== undefined) return byHttp(config.url, config, value, env, cut);
  if (config.cwd !== undefined && !existsSync(config.cwd))
    throw createFailure(
      'ConfigurationInvalid',
      `The folder ${config.cwd}, in which the MCP server ${name} is to run (cwd), is not on this worker.`,
    );
  return byProgram(config, value);
}

function byProgram({ command = '', args, cwd, env }: McpServerConfig, value: (variable: string) => string): Way {
  const given = Object.fromEntries(env.map((variable) => [variable, value(variable)]));
  const transport = new StdioClientTransport({
    command,
    args,
    cwd,
    env: given,
    stderr: 'pipe',
  });
  // The SDK has no door for these; it names the members private.
  const buffer = new MessageBuffer(MAX_MESSAGE_BYTES);
  Object.assign(transport, { _readBuffer: buffer });
  let ended = '';
  const start = transport.start.bind(transport);
  transport.start = async () => {
    await start();
    (transport as unknown as { _process?: ChildProcess })._process?.once('exit', (code, signal) => {
      ended = signal === null ? `exit code ${code}` : signal;
    });
  };
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2 * TOLD)));
  const keys = Object.entries(given).flatMap(([variable, set]) => (KEY.test(variable) ? [set] : []));
  return {
    transport,
    said: () =>
      lastOf(
        stripVTControlCharacters(said.trim() || buffer.said())
          .replace(/\s+/g, ' ')
          .trim(),
      ),
    ended: () => ended,
    redact: createRedactor(Object.values(given)),
    withoutKeys: createRedactor(keys),
    leave: () => Promise.resolve(),
  };
}

/** The last line of a stack trace tells most. */
const lastOf = (text: string) => (text.length > TOLD ? `… ${text.slice(-TOLD)}` : text);

function byHttp(
  url: string,
  { apiKeyEnv, headersEnv = {} }: McpServerConfig,
  value: (variable: string) => string,
  env: NodeJS.ProcessEnv,
  cut: () => void,
): Way {
  let said = '';
  const key = apiKeyEnv === undefined ? undefined : value(apiKeyEnv);
  const named = Object.entries(headersEnv).map(([header, variable]) => [header, value(variable)] as const);
  const headers = { ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }), ...Object.fromEntries(named) };
  const transport = new AnsweringTransport(new URL(url), {
    requestInit: { headers },
    fetch: boundFetch(env, (reason) => {
      said = reason;
      cut();
    }),
  });
  const redact = createRedactor([key, ...named.map(([, secret]) => secret)]);
  const leave = async () => {
    const left = new AbortController();
    const ended = transport.terminateSession().catch(() => undefined);
    await Promise.race([ended.finally(() => left.abort()), pause(LEAVE_MS, left.signal)]);
  };
  return { transport, said: () => said, ended: () => '', redact, withoutKeys: redact, leave };
}

/** The SDK does not tell a request that the stream of its answer has broken off, so it would wait for its whole time. */
class AnsweringTransport extends StreamableHTTPClientTransport {
  override send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    if (!isJSONRPCRequest(message)) return super.send(message, options);
    const error = { code: ANSWER_LOST, message: 'the connection broke off before the answer' };
    // Where the answer was there, the SDK drops this one.
    const onRequestStreamEnd = () => this.onmessage?.({ jsonrpc: '2.0', id: message.id, error });
    return super.send(message, { ...options, onRequestStreamEnd });
  }
}

/**
 * Through the proxy that the environment names, and no answer longer than a message may be.
 *
 * @param cut is called with the reason when an answer was cut here
 */
function boundFetch(env: NodeJS.ProcessEnv, cut: (reason: string) => void): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input instanceof Request ? input.url : input));
    const proxy = proxyFor(url, env);
    const response = proxy
      ? ((await fetchThrough(url, {
          ...(init as ThroughInit),
          dispatcher: proxyDispatcher(proxy, url.protocol, {}),
        })) as unknown as Response)
      : await fetch(input, init);
    // A stream that the server opens by itself lives as long as the connection.
    if (init?.method !== 'POST' || !response.body) return response;
    let bytes = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, stream) => {
        bytes += chunk.length;
        if (bytes <= MAX_MESSAGE_BYTES) return stream.enqueue(chunk);
        const reason = `its answer has more than ${MAX_MESSAGE_BYTES} bytes`;
        stream.error(new Error(reason));
        cut(reason);
      },
    });
    const read = response.body.pipeThrough(counted).pipeThrough(mendedBody(response.headers.get('content-type') ?? ''));
    return new Response(read, response);
  };
}
