/** One MCP server: connected at the first call, and again after it was lost. */
import {
  Client,
  ProtocolError,
  ProtocolErrorCode,
  type jsonSchemaValidator,
  type Tool,
} from '@modelcontextprotocol/client';
import { ApplicationFailure } from '@temporalio/common';
import { createFailure } from '../../failures';
import { packageVersion } from '../../package-version';
import { pause } from '../../process/abort';
import type { McpServerConfig } from './mcp-config';
import { failureOf, isAnswer, isLost, isTimeout, refusesHandshake, wantsNewSession } from './mcp-failure';
import { openWay, type Way } from './mcp-transport';
import { anyResult, resultText } from './result-text';
import { listTools } from './tool-list';

/** Milliseconds in which a server that could not be reached is not tried again for a list. */
const LEFT_ALONE_MS = 10_000;
/** How often a server is tried before a call, and milliseconds before the second time; twice as long before the third. */
export const REACH_TRIES = 3;
const REACH_PAUSE_MS = 1000;
/** Milliseconds in which a server has to give a sign of life after a call has timed out. */
const SIGN_OF_LIFE_MS = 5000;

interface Opened {
  client: Client;
  way: Way;
  tools?: Promise<Tool[]>;
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
   * All tools of the server, listed once for as long as the connection lives and the server tells of no change. Revision 2026-07-28 tells of
   * none; there the SDK keeps a list for as long as its server allows.
   *
   * @throws McpUnavailable, McpRefused, ConfigurationInvalid
   */
  async tools(): Promise<Tool[]> {
    if (this.failed && Date.now() - this.failed.at < LEFT_ALONE_MS) throw this.failed.error;
    try {
      const opened = await this.open();
      return await (opened.tools ?? this.list(opened));
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
      try {
        const result = await this.request(opened.client, tool, args, signal);
        return { text: opened.way.withoutKeys(resultText(result)), isError: String(result.isError) === 'true' };
      } catch (error) {
        signal?.throwIfAborted();
        const failure = this.failure(opened, error, tool);
        if (!isFirst || !wantsNewSession(error)) throw failure;
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const opened = await this.opened?.catch(() => undefined);
    await opened?.way.leave();
    await opened?.client.close();
  }

  private list(opened: Opened): Promise<Tool[]> {
    const { client } = opened;
    const listed = listTools(client, this.config.connectTimeoutMs).catch((error: unknown) => {
      delete opened.tools;
      throw this.failure(opened, error);
    });
    if (!isNew(client)) opened.tools = listed;
    return listed;
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
      const params = { name, arguments: args };
      const options = {
        signal: signal ? AbortSignal.any([signal, longest.signal]) : longest.signal,
        timeout: timeoutMs,
        onprogress: () => undefined,
        resetTimeoutOnProgress: true,
      };
      // callTool sends arguments as headers where a tool of revision 2026-07-28 wants that. It refuses what older servers return at times.
      if (isNew(client)) return await client.callTool(params, options);
      return await client.request({ method: 'tools/call', params }, anyResult, options);
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

  /** Servers of revision 2026-07-28 alone refuse `initialize`. To look for that revision first would start each program twice. */
  private async connect(mode: 'legacy' | 'auto' = 'legacy'): Promise<Opened> {
    let way: Way | undefined;
    try {
      way = openWay(this.name, this.config, this.env, () => (opened.proof = this.drop(opened)));
      const client = new Client(
        { name: 'temporal-husky', version: packageVersion() },
        { versionNegotiation: { mode }, jsonSchemaValidator: ANYTHING },
      );
      const opened: Opened = { client, way };
      client.fallbackRequestHandler = refuseRequest;
      client.onclose = () => void this.forget(opened);
      client.setNotificationHandler('notifications/tools/list_changed', () => void delete opened.tools);
      await client.connect(way.transport, { timeout: this.config.connectTimeoutMs });
      this.failed = undefined;
      return opened;
    } catch (error) {
      await way?.transport.close().catch(() => undefined);
      const failure = failureOf(error, { server: this.name, way });
      if (mode === 'legacy' && refusesHandshake(error))
        return this.connect('auto').catch(() => Promise.reject(failure));
      this.opened = undefined;
      throw failure;
    }
  }

  /** Drops the connection if the server is not there any more. One that only took too long is kept if it gives a sign of life. */
  private failure(opened: Opened, error: unknown, tool?: string): unknown {
    if (isTimeout(error) || isLost(error)) this.prove(opened);
    else if (!isAnswer(error)) opened.proof = this.drop(opened);
    return failureOf(error, { server: this.name, tool, way: opened.way });
  }

  private prove(opened: Opened): void {
    const { client } = opened;
    const options = { timeout: SIGN_OF_LIFE_MS };
    opened.proof ??= Promise.resolve(isNew(client) ? client.discover(options) : client.ping(options))
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

/** Whether revision 2026-07-28 of the protocol, or a later one, is spoken. */
const isNew = (client: Client) => client.getProtocolEra() === 'modern';

/** A result is shown as text, so it need not fit the tool's own schema of results. */
const ANYTHING: jsonSchemaValidator = {
  getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
};

/** A server that asks although nothing was offered shows this in its result, where a model and a person read it. */
const refuseRequest = ({ method }: { method: string }): Promise<never> =>
  Promise.reject(
    new ProtocolError(
      ProtocolErrorCode.MethodNotFound,
      `Husky, the client of this server, cannot be asked for ${method}.`,
    ),
  );
