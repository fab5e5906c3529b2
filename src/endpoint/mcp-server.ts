/** Husky as an MCP server, with tools that solve a question, search for facts, and run a program. */
import { randomUUID } from 'node:crypto';
import { McpServer, type CallToolResult, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { HuskyClient, SolutionHandle } from '../husky-client';
import { MAX_STEPS } from '../contract/profile';
import { explainError } from '../explain-error';
import { lastingWatch } from '../lasting-watch';
import { packageVersion } from '../package-version';
import { describeRun } from '../sandbox/describe-run';
import type { Sandbox } from '../sandbox/sandbox';
import type { SearchEngine } from '../search/search-engine';
import { oneLine } from '../trajectory/bounded-text';
import type { Step } from '../trajectory/step';

export interface HuskyMcpOptions {
  /** These three are opened when a client first needs them. */
  husky(): Promise<HuskyClient>;
  search(): Promise<SearchEngine>;
  sandbox(): Promise<Sandbox>;
  /** Characters of a question. @default 400000 */
  maxQuestionChars?: number;
  /** Id of the client's key, so that each client finds only its own solutions. @default all clients are one */
  caller?: string | undefined;
}

/** Milliseconds between signs of life during a long step, because clients give up a silent call after a minute. */
const SIGN_OF_LIFE_MS = 15_000;
/** Characters of a step in a notification. */
const SHOWN = 300;
/** Characters of a program; Temporal and the sandbox take no more. */
const MAX_PROGRAM = 1_000_000;

const solutionShape = z.object({
  answer: z.string(),
  stop_reason: z.string().describe('finished, or why it ended before'),
  partial: z.boolean().describe('whether the answer is only the best result so far'),
  id: z.string().describe('give it again with the same question to have the same solution'),
  steps: z.array(z.object({ tool: z.string(), step: z.string(), output: z.string() })),
});

/**
 * A client that cancels a call cancels its solution. If the client goes away, the solution runs on, and its `id` finds it again. Over HTTP
 * revision 2026-07-28 of the protocol cancels by closing the stream; there a solution that was given an `id` runs on, and any other ends.
 *
 * @returns a server that is yet to be connected to a transport
 */
export function createMcpServer(options: HuskyMcpOptions): McpServer {
  const server = new McpServer({ name: 'temporal-husky', version: packageVersion() });
  const told = (work: (signal: AbortSignal) => Promise<CallToolResult>) => async (context: ServerContext) => {
    const { signal } = context.mcpReq;
    try {
      return await work(signal);
    } catch (error) {
      if (signal.aborted) throw error;
      return { ...text(explainError(error).message), isError: true };
    }
  };

  server.registerTool(
    'solve',
    {
      title: 'Solve a question',
      description:
        'Solves a question that takes several steps (look-ups, calculations, programs, reasoning), and tells each step.',
      inputSchema: z.object({
        question: z
          .string()
          .min(1)
          .max(options.maxQuestionChars ?? 400_000),
        max_steps: z.number().int().min(1).max(MAX_STEPS).optional(),
        deadline_seconds: z.number().positive().optional().describe('the best answer so far is given after that time'),
        id: z
          .string()
          .regex(/^[\w.:-]{1,200}$/)
          .optional()
          .describe('name of the solution: the same id and question join the one that was begun before'),
      }),
      outputSchema: solutionShape,
    },
    ({ question, max_steps, deadline_seconds, id }, context) =>
      told(async () => {
        const limits = { maxSteps: max_steps, deadlineMs: deadline_seconds && Math.ceil(deadline_seconds * 1000) };
        const progress = new Progress(context);
        const stop = progress.keepAlive();
        try {
          const husky = await options.husky();
          const { caller } = options;
          const memo = caller === undefined ? undefined : { caller };
          const workflowId = caller === undefined ? id : idOf(caller, id);
          const handle = await husky.start(question, { limits, memo, workflowId });
          const { http, mcpReq } = context;
          const endsWithStream = id === undefined && http !== undefined && mcpReq.envelope !== undefined;
          const isGivenUp = () => endsWithStream || server.isConnected();
          return await followed(handle, { signal: mcpReq.signal, isGivenUp, progress });
        } finally {
          stop();
        }
      })(context),
  );

  server.registerTool(
    'search',
    {
      title: 'Search for facts',
      description: 'Asks the search engine that Husky is configured with, and returns what it finds as text.',
      inputSchema: z.object({
        query: z.string().min(1).max(400),
        limit: z.number().int().min(1).max(20).optional(),
      }),
      annotations: { readOnlyHint: true },
    },
    ({ query, limit }, context) =>
      told(async (signal) => {
        const engine = await options.search();
        const found = await engine.search(query, { signal, limit });
        return text(found.text ?? `${engine.name} found nothing for "${query}".`);
      })(context),
  );

  server.registerTool(
    'run_program',
    {
      title: 'Run a program',
      description: 'Runs a short program in a sandbox without network or files, and returns what it prints.',
      inputSchema: z.object({ language: z.enum(['javascript', 'python']), code: z.string().min(1).max(MAX_PROGRAM) }),
    },
    ({ language, code }, context) =>
      told(async (signal) => {
        const sandbox = await options.sandbox();
        const run = describeRun(await sandbox.run({ language, code, signal }), 'default');
        // What was printed before a failure helps to find it.
        const told = [run.text, run.errorText ?? ''].filter((part) => part !== '').join('\n');
        return { ...text(told), ...(run.failed && { isError: true }) };
      })(context),
  );
  return server;
}

/** The workflow id of a caller's solution. @param id a name that the caller chose, or the whole id */
function idOf(caller: string, id: string = randomUUID()): string {
  const own = `mcp-${caller}-`;
  return id.startsWith(own) ? id : `${own}${id}`;
}

interface Following {
  signal: AbortSignal;
  /** Whether the client has given up the solution when the signal was aborted; otherwise it went away. */
  isGivenUp(): boolean;
  progress: Progress;
}

async function followed(handle: SolutionHandle, { signal, isGivenUp, progress }: Following): Promise<CallToolResult> {
  const stopped = () =>
    // A client that goes away aborts its calls, too, but then there is no connection any more.
    void setImmediate(() => {
      if (isGivenUp()) handle.cancel().catch(() => undefined);
    });
  if (signal.aborted) stopped();
  else signal.addEventListener('abort', stopped, { once: true });
  for await (const { steps } of lastingWatch(handle, { signal })) await progress.steps(steps);
  signal.throwIfAborted();
  const { answer, stopReason, partial, steps } = await handle.result();
  const solution = {
    answer,
    stop_reason: stopReason,
    partial,
    id: handle.workflowId,
    steps: steps.map(({ tool, step, output }) => ({ tool, step, output })),
  };
  return { ...text(answer || `No answer was found (${stopReason}).`), structuredContent: solution };
}

/** Notifies a client of each step, and of a long step that is still under way, if the client asked for it. */
class Progress {
  private told = 0;
  private signs = 0;

  constructor(private readonly context: ServerContext) {}

  async steps(steps: readonly Step[]): Promise<void> {
    for (const { tool, step, output } of steps.slice(this.told)) {
      this.told += 1;
      this.signs = 0;
      await this.tell(this.told, `[${tool}] ${oneLine(step, SHOWN)} → ${oneLine(output, SHOWN)}`);
    }
  }

  /** @returns the function that ends it */
  keepAlive(): () => void {
    const timer = setInterval(() => {
      this.signs += 1;
      // Each number has to be larger than the one before and smaller than the next step's.
      void this.tell(this.told + this.signs / (this.signs + 1), `at step ${this.told + 1}`);
    }, SIGN_OF_LIFE_MS);
    return () => clearInterval(timer);
  }

  private async tell(progress: number, message: string): Promise<void> {
    const { _meta, signal, notify } = this.context.mcpReq;
    const progressToken = _meta?.progressToken;
    if (progressToken === undefined || signal.aborted) return;
    const params = { progressToken, progress, message };
    await notify({ method: 'notifications/progress', params }).catch(() => undefined);
  }
}

function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}
