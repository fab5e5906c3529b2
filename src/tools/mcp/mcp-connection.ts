/**
 * One MCP server: connected at the first call, and again after it was lost.
 *
 * @module
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  ErrorCode,
  McpError,
  ToolListChangedNotificationSchema,
  type CallToolResult,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { ApplicationFailure } from '@temporalio/common';
import { createFailure } from '../../failures';
import { oneLine } from '../../trajectory/bounded-text';
import { packageVersion } from '../../package-version';
import type { McpServerConfig } from './mcp-config';
import { openWay, type Way } from './mcp-transport';

/** Milliseconds for a server to start and to say what it can; `npx` may have to fetch it first. */
const CONNECT_MS = 30_000;
/** Milliseconds in which a server that could not be reached is not tried again for a list. */
const LEFT_ALONE_MS = 10_000;
/** Pages of a list that are read. */
const MAX_PAGES = 50;

interface Opened {
  client: Client;
  way: Way;
  tools?: Promise<Tool[]>;
}

export interface McpCallOptions {
  timeoutMs: number;
  signal?: AbortSignal;
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
      opened.tools ??= this.guarded(opened, () => listAll(opened.client));
      return await opened.tools;
    } catch (error) {
      this.failed = { at: Date.now(), error };
      throw error;
    }
  }

  /** @throws McpUnavailable, McpRefused, ToolUnknown, ToolArgumentsInvalid, ConfigurationInvalid */
  async call(tool: string, args: Record<string, unknown>, options: McpCallOptions): Promise<CallToolResult> {
    const opened = await this.open();
    options.signal?.throwIfAborted();
    return this.guarded(
      opened,
      () =>
        opened.client.request({ method: 'tools/call', params: { name: tool, arguments: args } }, CallToolResultSchema, {
          signal: options.signal,
          timeout: options.timeoutMs,
        }),
      options.signal,
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    const opened = await this.opened?.catch(() => undefined);
    await opened?.client.close();
  }

  private open(): Promise<Opened> {
    if (this.closed) return Promise.reject(this.unavailable('this worker ends'));
    this.opened ??= this.connect();
    return this.opened;
  }

  private async connect(): Promise<Opened> {
    let way: Way | undefined;
    try {
      way = openWay(this.name, this.config, this.env);
      const client = new Client({ name: 'temporal-husky', version: packageVersion() });
      const opened: Opened = { client, way };
      client.onclose = () => this.forget(opened);
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => void delete opened.tools);
      await client.connect(way.transport, { timeout: CONNECT_MS });
      this.failed = undefined;
      return opened;
    } catch (error) {
      this.opened = undefined;
      await way?.transport.close().catch(() => undefined);
      throw this.failure(error, way);
    }
  }

  /** A lost connection is opened anew by the next call. */
  private forget(opened: Opened): void {
    void this.opened?.then(
      (current) => {
        if (current === opened) this.opened = undefined;
      },
      () => undefined,
    );
  }

  private async guarded<T>(opened: Opened, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const isAnswer = error instanceof McpError && error.code !== Number(ErrorCode.ConnectionClosed);
      if (!isAnswer) {
        this.forget(opened);
        // Its process may live on; the next call has one of its own.
        void opened.client.close().catch(() => undefined);
      }
      throw this.failure(error, opened.way);
    }
  }

  private failure(error: unknown, way: Way | undefined): unknown {
    if (error instanceof ApplicationFailure) return error;
    const redact = way?.redact ?? ((text: string) => text);
    const message = redact(oneLine(reasonOf(error), 500));
    if (error instanceof McpError && error.code === Number(ErrorCode.InvalidParams))
      return createFailure('ToolArgumentsInvalid', message);
    if (error instanceof McpError && error.code === Number(ErrorCode.MethodNotFound))
      return createFailure('ToolUnknown', `The MCP server ${this.name} refused: ${message}.`);
    const status = error instanceof StreamableHTTPError ? error.code : undefined;
    if (status === 401 || status === 403)
      return createFailure('McpRefused', `The MCP server ${this.name} refused the connection (${status}).`);
    const said = redact(oneLine(way?.said() ?? '', 300));
    return this.unavailable(said === '' ? message : `${message}; it said: ${said}`);
  }

  private unavailable(why: string): Error {
    return createFailure('McpUnavailable', `The MCP server ${this.name} does not answer: ${why}.`);
  }
}

/** `fetch failed` says less than its cause. */
function reasonOf(error: unknown): string {
  const { message = String(error), cause } = error as { message?: string; cause?: { message?: string } };
  return cause?.message ? `${message} (${cause.message})` : message;
}

async function listAll(client: Client): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout: CONNECT_MS });
    tools.push(...listed.tools);
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}
