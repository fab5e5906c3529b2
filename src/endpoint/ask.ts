/** Starts the solution that a request asks for. It is an ordinary workflow, and its id finds it again. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { HuskyClient, SolutionHandle, StartOptions } from '../husky-client';
import { MAX_SAMPLES, type Limits } from '../contract/profile';
import { forcedFunction } from './answer-form';
import { questionOf, type Turn } from './conversation';
import { pause } from '../process/abort';
import { BUILT_IN_TOOLS } from '../trajectory/step';
import { Refusal, unavailable } from './refusal';

/** The name under which Husky is offered as a model. */
export const MODEL = 'husky';

/** Milliseconds for the Temporal server to start or list solutions. */
export const START_LIMIT = 10_000;

/** The fields of both APIs that Husky reads. It ignores temperature and the like, because the experts have settings of their own. */
export const commonSchema = z.looseObject({
  model: z.string({ error: `is missing; the model is called ${MODEL}` }),
  stream: z.boolean().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: z.unknown().optional(),
});

export type Common = z.infer<typeof commonSchema>;

export interface Asked {
  handle: SolutionHandle;
  /** Seconds since 1970. */
  createdAt: number;
}

export interface AskOptions {
  caller: string;
  /** The header `Idempotency-Key`. A caller that sends the same key again gets the same solution. */
  idempotencyKey?: string;
  /** Id of a solution that an earlier attempt of the same request has begun. It is joined. */
  joins?: string;
  /** Fields of the workflow's memo, beside caller and metadata. */
  memo?: Record<string, unknown>;
  /** Whether the question may wait until a worker runs. @default false: it is refused if none runs */
  mayWait?: boolean;
}

/**
 * Starts the solution of a chat, or joins the one that the same key has started.
 *
 * @throws Refusal (400, 404, 503)
 */
export async function ask(
  husky: HuskyClient,
  common: Common,
  turns: readonly Turn[],
  options: AskOptions,
): Promise<Asked> {
  if (common.model !== MODEL)
    throw new Refusal(404, `There is no model ${common.model} here; it is called ${MODEL}.`, 'model_not_found');
  const { tools, tool_choice: choice } = common;
  if ((tools?.length ?? 0) > 0 && choice !== 'none' && !forcedFunction(tools, choice))
    throw new Refusal(
      400,
      'Husky calls the tools of its own configuration; send no tools, or one function that tool_choice names, with a parameter for the answer and others for its reasoning or null.',
      'unsupported_parameter',
    );
  let question: string;
  try {
    question = questionOf(turns);
  } catch (error) {
    throw new Refusal(400, (error as Error).message, 'invalid_request');
  }
  const { caller, idempotencyKey, joins, memo } = options;
  const workflowId =
    idempotencyKey === undefined
      ? joins
      : `husky-${createHash('sha256').update(`${caller}\n${idempotencyKey}`).digest('hex').slice(0, 32)}`;
  const start: StartOptions = {
    limits: limitsOf(common.metadata ?? {}),
    samples: samplesOf(common.metadata ?? {}),
    builtInTools: toolsOf(common.metadata ?? {}),
    memo: { ...memo, caller, ...(common.metadata && { metadata: common.metadata }) },
    workflowId,
    tokens: wantsTokens(common),
  };
  const handle = await husky.withDeadline(Date.now() + START_LIMIT, async () => {
    if (!options.mayWait) await mustBeServed(husky, workflowId);
    return husky.start(question, start);
  });
  return { handle, createdAt: Math.floor(Date.now() / 1000) };
}

/** So often a worker is looked for, a second apart, because one that is being started polls soon. */
const LOOKS = 3;

/**
 * Refuses a caller who waits for an answer while no worker runs. A solution that was begun before under the same key is joined all the
 * same: it may have ended, or it goes on when a worker comes.
 *
 * @throws Refusal (503), and nothing was started
 */
async function mustBeServed(husky: HuskyClient, workflowId: string | undefined): Promise<void> {
  for (let look = 1; !(await husky.isServed()); look += 1) {
    if (workflowId !== undefined && (await exists(husky, workflowId))) return;
    if (look === LOOKS)
      throw unavailable(
        'No worker runs that could answer; nothing was started. Start one (a Worker with HuskyPlugin, or npx temporal-husky worker), or ask /v1/responses with background: true, which waits for a worker. If one runs, compare the clocks: a poll that is more than 75 seconds old by the clock of this host does not count.',
        'no_worker',
      );
    await pause(1000);
  }
}

async function exists(husky: HuskyClient, workflowId: string): Promise<boolean> {
  try {
    return (await husky.get(workflowId).workflow.describe()) !== undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Whether the caller wants the text of models while they write it. */
export function wantsTokens({ metadata, stream }: Common): boolean {
  const said = metadata?.tokens ?? 'false';
  if (said !== 'true' && said !== 'false')
    throw new Refusal(
      400,
      `metadata.tokens is "true" or "false"; it is ${JSON.stringify(said.slice(0, 40))}.`,
      'invalid_request',
    );
  return said === 'true' && stream === true;
}

const LIMITS = { max_steps: 'maxSteps', max_tokens: 'maxTokens', deadline_ms: 'deadlineMs' } as const satisfies Record<
  string,
  keyof Limits
>;

/** Limits of this solution from `metadata`. All fields of it are kept in the workflow's memo. */
function limitsOf(metadata: Record<string, string>): Partial<Limits> {
  const limits: Partial<Limits> = {};
  for (const [field, limit] of Object.entries(LIMITS)) {
    const text = metadata[field];
    if (text === undefined) continue;
    limits[limit] = wholeNumber(field, text);
  }
  return limits;
}

function samplesOf({ samples }: Record<string, string>): number | undefined {
  return samples === undefined ? undefined : wholeNumber('samples', samples, MAX_SAMPLES);
}

/** Built-in tools of this solution: `search, code`. */
function toolsOf({ tools }: Record<string, string>): string[] | undefined {
  const names = tools?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !(BUILT_IN_TOOLS as readonly string[]).includes(name));
  if (unknown === undefined) return names;
  throw new Refusal(
    400,
    `metadata.tools names built-in tools, separated by commas: ${BUILT_IN_TOOLS.join(', ')}; ${JSON.stringify(unknown.slice(0, 40))} is none.`,
    'invalid_request',
  );
}

function wholeNumber(field: string, text: string, most = Infinity): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  const range = most === Infinity ? '1 or more' : `1 to ${most}`;
  throw new Refusal(
    400,
    `metadata.${field} must be a whole number, ${range}; it is ${JSON.stringify(text.slice(0, 40))}.`,
    'invalid_request',
  );
}

/** Checks a body. @throws Refusal (400) that names the path of the first mistake */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const { data, error } = schema.safeParse(body);
  if (error) {
    const { path, message } = mistakeOf(error.issues);
    throw new Refusal(400, `${path.join('.') || 'The body'}: ${message}`, 'invalid_request');
  }
  return data as z.infer<Schema>;
}

interface Mistake {
  path: PropertyKey[];
  message: string;
}

/** The first mistake. Where a field may have several forms, the form that fits deepest is the one that was meant. */
function mistakeOf([issue]: readonly z.core.$ZodIssue[]): Mistake {
  if (issue === undefined) return { path: [], message: 'is invalid' };
  const { path, message } = issue;
  const forms = issue.code === 'invalid_union' ? issue.errors.map(mistakeOf) : [];
  const [deepest] = forms.toSorted((a, b) => b.path.length - a.path.length);
  if (deepest === undefined || deepest.path.length === 0) return { path, message };
  return { path: [...path, ...deepest.path], message: deepest.message };
}
