/**
 * MCP over streamable HTTP, at `/mcp`: sessions of clients, each with a server of its own. Revision 2026-07-28 of the protocol knows no
 * sessions; there each call has its own server.
 */
import { randomUUID } from 'node:crypto';
import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
  type McpServer,
} from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Access, LOCAL_CALLER, type AccessOptions } from './access';
import { KEEP_ALIVE_MS, plainPath } from './call';
import { refuse, Refusal, refusalOf } from './refusal';

export interface McpOverHttpOptions extends AccessOptions {
  /** Makes the server of a session, or of a call. @param caller id of the key; undefined without keys */
  server: (caller: string | undefined) => McpServer;
  /** Bytes of a request's body. @default 4 MiB */
  maxBodyBytes?: number;
  /** Sessions that are kept. One more ends the session that was idle for longest. @default 256 */
  maxSessions?: number;
}

interface Session {
  caller: string;
  server: McpServer;
  transport: WebStandardStreamableHTTPServerTransport;
  usedAt: number;
  /** Calls that are being answered. */
  calls: number;
}

/**
 * The rules for keys and rates are those of `husky serve`. A request from a web page of another server is refused by its `Origin`.
 */
export function mcpOverHttp(options: McpOverHttpOptions) {
  const { server, maxBodyBytes = 4 * 1024 * 1024, maxSessions = 256, ...accessOptions } = options;
  const access = new Access(accessOptions);
  const sessions = new Map<string, Session>();
  const serverOf = (caller?: string) => server(caller === LOCAL_CALLER ? undefined : caller);
  const single = createMcpHandler(({ authInfo }) => serverOf(authInfo?.clientId), {
    legacy: 'reject',
    // A stream that is open from the start is kept open by comments.
    responseMode: 'sse',
    keepAliveMs: KEEP_ALIVE_MS,
    maxRequestBodySize: maxBodyBytes,
  });
  const app = new Hono({ getPath: plainPath });

  app.onError((error, call) => {
    const refusal = refusalOf(error);
    return refuse(call, refusal, asRpc(refusal));
  });
  app.notFound((call) =>
    refuse(call, new Refusal(404, `There is no ${call.req.path} here; the MCP server is at /mcp.`, 'not_found')),
  );
  app.use(
    '/mcp',
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new Refusal(413, `The body has more than ${maxBodyBytes} bytes.`, 'body_too_large');
      },
    }),
  );
  app.all('/mcp', async ({ req }) => {
    mustBeOwnPage(req.header('origin'), req.header('host'));
    const caller = access.caller(req.header('authorization'), req.header('host'));
    const id = req.header('mcp-session-id');
    const known = id === undefined ? undefined : sessions.get(id);
    if (id !== undefined && known?.caller !== caller)
      throw new Refusal(404, 'There is no such session here any more; begin one anew.', 'session_not_found');
    // Only calls are counted: the stream for a server's own messages is always open.
    if (req.method !== 'POST') {
      if (!known) throw new Refusal(400, 'Begin a session with POST and initialize.', 'session_missing');
      return known.transport.handleRequest(req.raw);
    }
    const leave = access.enter(caller);
    try {
      if (!known && !(await isLegacyRequest(req.raw, undefined, { maxRequestBodySize: maxBodyBytes }))) {
        const authInfo = { token: '', clientId: caller, scopes: [] };
        return whenEnded(await single.fetch(req.raw, { authInfo }), req.raw.signal, leave);
      }
      const session = known ?? (await begin(caller));
      session.calls += 1;
      const response = await session.transport.handleRequest(req.raw);
      if (session.transport.sessionId === undefined) void session.server.close();
      return whenEnded(response, req.raw.signal, () => {
        session.calls -= 1;
        session.usedAt = Date.now();
        leave();
      });
    } catch (error) {
      leave();
      throw error;
    }
  });

  async function begin(caller: string): Promise<Session> {
    await makeRoom();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      keepAliveMs: KEEP_ALIVE_MS,
      maxRequestBodySize: maxBodyBytes,
      onsessioninitialized: (id) => void sessions.set(id, session),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const own = serverOf(caller);
    const session: Session = { caller, server: own, transport, usedAt: Date.now(), calls: 0 };
    await own.connect(transport);
    return session;
  }

  async function makeRoom(): Promise<void> {
    if (sessions.size < maxSessions) return;
    const [oldest] = [...sessions].filter(([, { calls }]) => calls === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (!oldest)
      throw new Refusal(429, `${sessions.size} sessions are at work; come again later.`, 'rate_limit_exceeded', 30);
    sessions.delete(oldest[0]);
    await oldest[1].server.close();
  }

  return {
    fetch: app.fetch,
    /** Ends all sessions and calls. Solutions that a client can find again go on. */
    close: async () => {
      await Promise.all([single.close(), ...[...sessions.values()].map((session) => session.server.close())]);
      sessions.clear();
    },
  };
}

/** The error that MCP clients show. They leave out one of another form. */
const asRpc = ({ message, code }: Refusal) => ({
  jsonrpc: '2.0',
  error: { code: code === 'session_not_found' ? -32001 : -32000, message, data: { code } },
  id: null,
});

/** Browsers send the server of the page as `Origin`. Programs send none. */
function mustBeOwnPage(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) return;
  throw new Refusal(403, `Web pages of ${origin.slice(0, 100)} may not call this server.`, 'origin_refused');
}

/** Calls `ended` once, when the whole response was sent or its reader has gone. */
function whenEnded(response: Response, gone: AbortSignal, ended: () => void): Response {
  let isOver = false;
  const over = () => {
    if (!isOver) ended();
    isOver = true;
  };
  if (!response.body || gone.aborted) {
    over();
    return response;
  }
  gone.addEventListener('abort', over, { once: true });
  return new Response(response.body.pipeThrough(new TransformStream({ flush: over })), response);
}
