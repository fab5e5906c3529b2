/** What went wrong with an MCP server, by kinds: it was not reached, it refused the call, or its tool failed. */
import {
  InsufficientScopeError,
  ProtocolError,
  ProtocolErrorCode,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from '@modelcontextprotocol/client';
import { ApplicationFailure } from '@temporalio/common';
import { createFailure } from '../../failures';
import { oneLine } from '../../trajectory/bounded-text';
import { jsonIn, jsonObjectIn } from '../../trajectory/json-object';
import type { Way } from './mcp-transport';

/** Errors of a network at which nothing was sent. */
const NOT_REACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
/** How servers of the official SDKs begin the text of a result with `isError` when the arguments do not fit the tool's schema. */
const ARGUMENTS_REFUSED =
  /^MCP error -32602\b|^Input validation error\b|\bvalidation errors? for (?:\w+Arguments\b|call\[)/;
/** How servers end that were written for version 1 of Python's mcp, and are installed with version 2. */
const EARLIER_SDK =
  /'Server' object has no attribute '\w+'|cannot import name '\w+' from 'mcp\b|No module named 'mcp\./;
/** Characters of an error's message. */
const TOLD = 500;

export interface Asked {
  server: string;
  /** Absent where the tools were listed. */
  tool?: string;
  /** Absent where no connection could be begun. */
  way?: Pick<Way, 'said' | 'ended' | 'redact'>;
}

/** Whether a server has answered, with an error too. Otherwise the connection is worth nothing any more, or the server is slow. */
export const isAnswer = (error: unknown): boolean =>
  (error instanceof ProtocolError && !isLost(error)) || isMisshapen(error);

/** Code of the error that a request gets whose answer broke off; no server's own. */
export const ANSWER_LOST = 0;
export const isLost = (error: unknown): boolean => error instanceof ProtocolError && Number(error.code) === ANSWER_LOST;

export const isTimeout = (error: unknown): error is SdkError =>
  error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;

/** Whether a server knows no `initialize`, or no revision of the protocol that begins with it. */
export const refusesHandshake = (error: unknown): boolean => isAnswer(error) || hasNoSession(error);

/** Whether a call surely did not reach its tool, so that it can be made again without harm. */
function wasNotTaken(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status >= 400 && status < 500;
  const { message, cause } = error as { message?: string; cause?: { code?: string } };
  return message === 'Not connected' || NOT_REACHED.test(cause?.code ?? '');
}

/** Whether another session may have the call taken: the server has forgotten this one, or is not there at the moment. */
export const wantsNewSession = (error: unknown): boolean =>
  statusOf(error) === undefined ? wasNotTaken(error) : hasNoSession(error);

/** Of a forgotten session the protocol says 404. Servers that follow the first examples of the official SDK say 400. */
const hasNoSession = (error: unknown) => statusOf(error) === 404 || statusOf(error) === 400;

/** @returns McpUnavailable, McpRefused, ToolUnknown, ToolArgumentsInvalid or ToolFailed */
export function failureOf(error: unknown, asked: Asked): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const { server, tool, way } = asked;
  const redact = way?.redact ?? ((text: string) => text);
  const message = redact(oneLine(reasonOf(error, asked), TOLD));
  if (isMisshapen(error))
    return createFailure(
      'ToolFailed',
      `The answer of the MCP server ${server} is not of the form that MCP asks for: ${message}.`,
    );
  if (tool !== undefined && error instanceof ProtocolError && isAnswer(error))
    return answeredError(error, message, asked);
  const status = statusOf(error);
  if (status === 401 || status === 403)
    return createFailure('McpRefused', `The MCP server ${server} refused the connection (${status}).`);
  // What a program that still runs said last is mostly about something else.
  const said = tool !== undefined && isTimeout(error) ? '' : redact(way?.said() ?? '').replace(/[.\s]+$/, '');
  const older = EARLIER_SDK.test(said)
    ? `. It was written for an earlier mcp: add 'mcp<2' to what pip or uvx installs`
    : '';
  const told = said === '' ? message : `${message}; it said: ${said}${older}`;
  const unsure = tool === undefined || wasNotTaken(error) ? '' : ` It is not known what the call of ${tool} has done.`;
  const does = status !== undefined || isAnswer(error) ? 'refuses' : 'does not answer';
  return createFailure('McpUnavailable', `The MCP server ${server} ${does}: ${told}.${unsure}`);
}

function answeredError({ code }: ProtocolError, message: string, { server, tool = '' }: Asked): ApplicationFailure {
  if (code === ProtocolErrorCode.MethodNotFound || saysUnknown(message, tool)) return unknownTool(server, message);
  if (code === ProtocolErrorCode.InvalidParams) return createFailure('ToolArgumentsInvalid', message);
  return createFailure('ToolFailed', message);
}

/**
 * The failure of a tool that answered with `isError`. Most servers say so of all that can go wrong, so the text decides.
 *
 * @param text of the result
 */
export function toolFailure(server: string, tool: string, text: string): ApplicationFailure {
  if (saysUnknown(text, tool)) return unknownTool(server, oneLine(text, TOLD));
  if (ARGUMENTS_REFUSED.test(text)) return createFailure('ToolArgumentsInvalid', text);
  return createFailure('ToolFailed', text || 'The tool failed and gave no reason.');
}

const unknownTool = (server: string, message: string) =>
  createFailure('ToolUnknown', `The MCP server ${server} refused: ${message}.`);

function saysUnknown(text: string, tool: string): boolean {
  const said = text.replace(/^MCP error -?\d+: /, '').toLowerCase();
  if (/^unknown tool\b/.test(said)) return true;
  return /^tool\b/.test(said) && said.includes(tool.toLowerCase()) && /\b(not found|disabled)\b/.test(said);
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof InsufficientScopeError) return 403;
  return error instanceof SdkHttpError ? error.status : undefined;
}

/** Answers that the SDK could not read, and results that ask for something that was not offered. */
const MISSHAPEN = new Set([
  SdkErrorCode.InvalidResult,
  SdkErrorCode.UnsupportedResultType,
  SdkErrorCode.CapabilityNotSupported,
]);
export const isMisshapen = (error: unknown): error is SdkError =>
  error instanceof SdkError && MISSHAPEN.has(error.code);

/** What an HTTP server answered: the message of a JSON-RPC error, or its page without the tags. */
function answerOf({ status, message }: SdkHttpError): string {
  const text = message.replace(/^Error POSTing to endpoint: /, '');
  const { error } = (jsonObjectIn(text) ?? {}) as { error?: { message?: string } };
  const told = error?.message ?? text.replace(/<(style|script)\b.*?<\/\1>|<[^>]*>/gis, ' ');
  const isElsewhere = status === 404 || status === 405;
  const older = isElsewhere ? ' (Husky speaks streamable HTTP, mostly at a path such as /mcp, not HTTP with SSE)' : '';
  return `HTTP ${status}: ${told}${older}`;
}

/** The message holds the issues that zod has found, as JSON. */
function issuesOf({ message }: SdkError): string {
  const issues = jsonIn(message, /\[/g, (found): found is { path: string[]; message: string }[] =>
    Array.isArray(found),
  );
  return issues?.map(({ path, message: told }) => `${path.join('.')}: ${told}`).join('; ') ?? message;
}

/** The error of a program that was not there. */
type Spawned = { message?: string; code?: string; path?: string };

/** `fetch failed` says less than its cause, and a timeout not how long it was. */
function reasonOf(error: unknown, { tool, way }: Asked): string {
  if (error instanceof SdkHttpError) return answerOf(error);
  if (isMisshapen(error)) return issuesOf(error);
  if (isTimeout(error)) {
    const { timeout } = (error.data ?? {}) as { timeout?: number };
    if (timeout !== undefined)
      return `there was no answer and no sign of progress for ${timeout} ms (${tool === undefined ? 'connectTimeoutMs' : 'timeoutMs'})`;
  }
  const { message = String(error), cause, code, path } = error as Spawned & { cause?: { message?: string } };
  if (code === 'ENOENT' && path !== undefined)
    return `there is no program ${path} on this worker${/\s/.test(path) ? '; its arguments belong in args' : ''}`;
  const more = cause?.message || (isClosed(error) && way?.ended());
  return more ? `${message} (${more})` : message;
}

const isClosed = (error: unknown) => error instanceof SdkError && error.code === SdkErrorCode.ConnectionClosed;
