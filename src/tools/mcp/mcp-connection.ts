/**
 * One MCP server: connected at the first call, and again after it was lost.
 *
 * @module
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  CallToolResultSchema,
  ErrorCode,
  ToolListChangedNotificationSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { ApplicationFailure } from '@temporalio/common';
import { createFailure } from '../../failures';
import { packageVersion } from '../../package-version';
import { pause } from '../../process/abort';
import type { McpServerConfig } from './mcp-config';
import { failureOf, isAnswer, isTimeout, wantsNewSession } from './mcp-failure';
import { openWay, type Way } from './mcp-transport';
import { resultText } from './result-text';

/** Milliseconds in which a server that could not be reached is not tried again for a list. */
const LEFT_ALONE_MS = 10_000;
/** Pages of a list that are read. */
const MAX_PAGES = 50;
/** How often a server is tried before a call, and milliseconds before the second time; twice as long before the third. */
export const REACH_TRIES = 3;
const REACH_PAUSE_MS = 1000;
/** Milliseconds in which a server has to give a sign of life after a call has timed out. */
const SIGN_OF_LIFE_MS = 5000;

interface Opened {
  client: Client;
  way: Way;
  tools?: Promise<Tool[]>;
  /** Calls that wait for their answer. */
  calls: number;
  /** Settles when the server has shown that it is alive, or when the connection is dropped; a call waits for it. */
  proof?: Promise<void>;
}

/** What a tool answered. Keys that the server was given are not in its text. */
export interface McpAnswer {
  text: string;
  isError: boolean;
}

export class McpConnection {
  private opened: Promise<Opened> | undefined;
  private failed: { at: number; error: unknown } | undefined;
  private closed = false;

  constructor(
    private readonly name: string,
    private readonly config: McpServerConfig,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * All tools of the server, listed once for as long as the connection lives and the server tells of no change.
   *
   * @throws McpUnavailable, McpRefused, ConfigurationInvalid
   */
  async tools(): Promise<Tool[]> {
    if (this.failed && Date.now() - this.failed.at < LEFT_ALONE_MS) throw this.failed.error;
    try {
      const opened = await this.open();
      const { connectTimeoutMs } = this.config;
      opened.tools ??= listAll(opened.client, connectTimeoutMs).catch((error: unknown) => {
        delete opened.tools;
        throw this.failure(opened, error);
      });
      return await opened.tools;
    } catch (error) {
      this.failed = { at: Date.now(), error };
      throw error;
    }
  }

  /**
   * Makes a call once. Only a call that surely did not reach its tool is made a second time, for example after a restart of the server.
   *
   * @throws McpUnavailable, McpRefused, ToolUnknown, ToolArgumentsInvalid, ToolFailed, ConfigurationInvalid
   */
  async call(tool: string, args: Record<string, unknown>, signal?: AbortSignal): Promise<McpAnswer> {
    for (let isFirst = true; ; isFirst = false) {
      const opened = await this.reach(signal);
      opened.calls += 1;
      try {
        const result = await this.request(opened.client, tool, args, signal);
        return { text: opened.way.withoutKeys(resultText(result)), isError: result.isError === true };
      } catch (error) {
        signal?.throwIfAborted();
        const failure = this.failure(opened, error, tool);
        if (!isFirst || !wantsNewSession(error)) throw failure;
      } finally {
        opened.calls -= 1;
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const opened = await this.opened?.catch(() => undefined);
    await opened?.way.leave();
    await opened?.client.close();
  }

  /** Each report of progress gives the tool its time again, up to the longest time of a call. */
  private async request(client: Client, name: string, args: Record<string, unknown>, signal?: AbortSignal) {
    const { timeoutMs, maxTimeoutMs } = this.config;
    const longest = new AbortController();
    const timer = setTimeout(
      () => longest.abort(`it still reported progress after ${maxTimeoutMs} ms (maxTimeoutMs)`),
      maxTimeoutMs,
    );
    try {
      return await client.request({ method: 'tools/call', params: { name, arguments: args } }, CallToolResultSchema, {
        signal: signal ? AbortSignal.any([signal, longest.signal]) : longest.signal,
        timeout: timeoutMs,
        onprogress: () => undefined,
        resetTimeoutOnProgress: true,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** A server that is being restarted is given a little time; one that is there and silent is not tried again. */
  private async reach(signal?: AbortSignal): Promise<Opened> {
    const until = Date.now() + this.config.connectTimeoutMs;
    for (let tries = 1; ; tries += 1)
      try {
        const opened = await this.open();
        await opened.proof;
        return await this.open();
      } catch (error) {
        const isFinal = !(error instanceof ApplicationFailure) || error.nonRetryable || tries === REACH_TRIES;
        if (isFinal || this.closed || Date.now() > until) throw error;
        await pause(tries * REACH_PAUSE_MS, signal);
        signal?.throwIfAborted();
      }
  }

  private open(): Promise<Opened> {
    if (this.closed)
      return Promise.reject(
        createFailure('McpUnavailable', `This worker ends, so the MCP server ${this.name} was not asked.`),
      );
    this.opened ??= this.connect();
    return this.opened;
  }

  private async connect(): Promise<Opened> {
    let way: Way | undefined;
    try {
      way = openWay(this.name, this.config, this.env, () => this.afterStream(opened));
      const client = new Client({ name: 'temporal-husky', version: packageVersion() });
      const opened: Opened = { client, way, calls: 0 };
      client.fallbackRequestHandler = refuseRequest;
      client.onclose = () => void this.forget(opened);
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => void delete opened.tools);
      await client.connect(way.transport, { timeout: this.config.connectTimeoutMs });
      this.failed = undefined;
      return opened;
    } catch (error) {
      this.opened = undefined;
      await way?.transport.close().catch(() => undefined);
      throw failureOf(error, { server: this.name, way });
    }
  }

  /** Drops the connection if the server is not there any more. One that only took too long is kept if it gives a sign of life. */
  private failure(opened: Opened, error: unknown, tool?: string): unknown {
    if (isTimeout(error)) this.prove(opened);
    else if (!isAnswer(error)) opened.proof = this.drop(opened);
    return failureOf(error, { server: this.name, tool, way: opened.way });
  }

  /** The SDK does not tell a call that the stream of its answer has broken off, so it would wait for its whole time. */
  private afterStream(opened: Opened): void {
    if (opened.calls === 0) return;
    if (opened.way.said() !== '') opened.proof = this.drop(opened);
    else this.prove(opened);
  }

  private prove(opened: Opened): void {
    opened.proof ??= opened.client
      .ping({ timeout: SIGN_OF_LIFE_MS })
      .catch((error: unknown) => (isAnswer(error) ? undefined : this.drop(opened)))
      .then(() => void delete opened.proof);
  }

  /** The next call has a connection of its own. This one's process is ended, because it may live on. */
  private async drop(opened: Opened): Promise<void> {
    await this.forget(opened);
    void opened.client.close().catch(() => undefined);
  }

  /** A lost connection is opened anew by the next call. */
  private async forget(opened: Opened): Promise<void> {
    const current = await this.opened?.catch(() => undefined);
    if (current === opened) this.opened = undefined;
  }
}

/** A server that asks although nothing was offered shows this in its result, where a model and a person read it. */
const refuseRequest = ({ method }: { method: string }): Promise<never> =>
  Promise.reject(
    Object.assign(new Error(`Husky, the client of this server, cannot be asked for ${method}.`), {
      code: Number(ErrorCode.MethodNotFound),
    }),
  );

async function listAll(client: Client, timeout: number): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout });
    tools.push(...listed.tools);
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}
