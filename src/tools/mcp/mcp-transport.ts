/**
 * The way to an MCP server: a child process, or HTTP. Keys are read from the environment here, and nowhere else.
 *
 * @module
 */
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { fetch as fetchThrough, type RequestInit as ThroughInit } from 'undici';
import { createFailure } from '../../failures';
import { proxyFor } from '../../http/environment-proxy';
import { proxyDispatcher } from '../../http/proxy-dispatcher';
import { createRedactor } from '../../http/redact';
import type { McpServerConfig } from './mcp-config';

/** Bytes of one message; of a result a few thousand characters are used. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** Characters of a program's standard error that are told when it ends. */
const TOLD = 400;

export interface Way {
  transport: Transport;
  /** What a program said last on its standard error. */
  said(): string;
  /** Keeps the values of keys out of a message. */
  redact(text: string): string;
}

/** @throws ConfigurationInvalid where an environment variable that the configuration names is not set */
export function openWay(name: string, config: McpServerConfig, env: NodeJS.ProcessEnv): Way {
  const value = (variable: string): string => {
    const found = env[variable];
    if (found) return found;
    throw createFailure(
      'ConfigurationInvalid',
      `The MCP server ${name} needs the environment variable ${variable}, which is not set on this worker.`,
    );
  };
  return config.url === undefined ? byProgram(config, value) : byHttp(config.url, config, value, env);
}

function byProgram({ command = '', args, cwd, env }: McpServerConfig, value: (variable: string) => string): Way {
  const given = Object.fromEntries(env.map((variable) => [variable, value(variable)]));
  const transport = new StdioClientTransport({
    command,
    args,
    cwd,
    env: given,
    stderr: 'pipe',
    maxBufferSize: MAX_MESSAGE_BYTES,
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-TOLD)));
  return { transport, said: () => said.trim(), redact: createRedactor(Object.values(given)) };
}

function byHttp(
  url: string,
  { apiKeyEnv, headersEnv = {} }: McpServerConfig,
  value: (variable: string) => string,
  env: NodeJS.ProcessEnv,
): Way {
  const key = apiKeyEnv === undefined ? undefined : value(apiKeyEnv);
  const named = Object.entries(headersEnv).map(([header, variable]) => [header, value(variable)] as const);
  const headers = { ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }), ...Object.fromEntries(named) };
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    fetch: boundFetch(env),
  });
  return { transport, said: () => '', redact: createRedactor([key, ...named.map(([, secret]) => secret)]) };
}

/** Through the proxy that the environment names, and no answer longer than a message may be. */
function boundFetch(env: NodeJS.ProcessEnv): typeof fetch {
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
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, stream) => {
          bytes += chunk.length;
          if (bytes > MAX_MESSAGE_BYTES) stream.error(new Error(`its answer has more than ${MAX_MESSAGE_BYTES} bytes`));
          else stream.enqueue(chunk);
        },
      }),
    );
    return new Response(counted, response);
  };
}
