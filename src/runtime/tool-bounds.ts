/**
 * Limits what a user's own tools return, and what they fail with. A message of more than 4 MB never reaches the server: the call would time
 * out and be repeated for ever.
 */
import { inspect } from 'node:util';
import { ApplicationFailure, ensureApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { CustomTool } from '../contract/profile';
import { createFailure } from '../failures';
import { cutMiddle } from '../trajectory/bounded-text';
import { wholeError } from './whole-errors';

/** Bytes of the largest result: Temporal's limit for payloads, minus the fields around it. */
const MAX_BYTES = 2_000_000;
/** Characters kept of an error's message, which becomes the output of a step, and of its type. */
const MESSAGE = 2000;
const TYPE = 200;
/** Bytes of an error that is left as it is, with its stack and its causes. */
const SMALL_ERROR = 32_000;

/**
 * For workers of tools without {@link HuskyPlugin}, which brings it: `interceptors: { activity: [boundTools(config.tools)] }`.
 *
 * @returns an interceptor that fails a tool's call with ToolResultTooLarge; other activities are not affected
 */
export function boundTools(tools: readonly CustomTool[]): ActivityInterceptorsFactory {
  return ({ info }) => {
    const tool = tools.find(({ activity }) => activity === info.activityType);
    if (!tool) return {};
    const tooLarge = (what: string, bytes: number) =>
      createFailure(
        'ToolResultTooLarge',
        `The tool ${tool.name} (activity ${tool.activity}) ${what} of ${bytes} bytes; ${MAX_BYTES} are the limit, and 4,000 characters would be used.`,
      );
    return {
      inbound: {
        execute: async (input, next) => {
          const result = await next(input).catch((error: unknown) => {
            const bytes = errorBytes(error);
            if (bytes !== undefined && bytes > MAX_BYTES) throw tooLarge('failed with an error', bytes);
            throw wholeError(bytes !== undefined && error instanceof Error ? error : plainError(error));
          });
          const bytes = jsonBytes(result);
          if (bytes > MAX_BYTES) throw tooLarge('returned a result', bytes);
          return result;
        },
      },
    };
  };
}

/** An error as it is, or without its stack, details and causes where it is large. */
export function boundedError(error: unknown): unknown {
  const isSmall =
    error instanceof Error && error.message.length <= MESSAGE && (errorBytes(error) ?? Infinity) <= SMALL_ERROR;
  return wholeError(isSmall ? error : plainError(error));
}

/** The beginning and the end of an error's message, its type, and whether it may be retried. */
function plainError(error: unknown): ApplicationFailure {
  const { message, type, nonRetryable, nextRetryDelay } = ensureApplicationFailure(error);
  const told = isRecord(error) && !('message' in error) ? inspect(error) : message;
  const bounded = cutMiddle(told, MESSAGE);
  return new ApplicationFailure(bounded, type?.slice(0, TYPE), nonRetryable, undefined, undefined, nextRetryDelay);
}

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Of all that travels of an error: message, type, stack, details and causes. @returns undefined for one that cannot be written */
function errorBytes(error: unknown): number | undefined {
  const chain = new Set<unknown>();
  for (let at = error; at !== undefined; at = isRecord(at) && 'cause' in at ? at.cause : undefined) {
    if (chain.has(at)) return undefined;
    chain.add(at);
  }
  try {
    return [...chain].reduce<number>((sum, at) => sum + jsonBytes(travelsOf(at)), 0);
  } catch {
    return undefined;
  }
}

function travelsOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  return error instanceof ApplicationFailure ? [error.type, message, stack, error.details] : [name, message, stack];
}

const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '');
