/**
 * A bound on what a user's own tools return, on the worker that holds them: a message of more than 4 MB never reaches the server, which
 * would have the call time out and be made again for ever.
 *
 * @module
 */
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { CustomTool } from '../contract/profile';
import { createFailure } from '../failures';

/** Bytes of a payload that Temporal takes, less what surrounds it. */
const MAX_BYTES = 2_000_000;

/**
 * For a worker of tools that has no {@link HuskyPlugin}: `interceptors: { activity: [boundTools(config.tools)] }`. The plugin brings it.
 *
 * @returns an interceptor that ends a tool's call with ToolResultTooLarge; other activities pass untouched
 */
export function boundTools(tools: readonly CustomTool[]): ActivityInterceptorsFactory {
  return ({ info }) => {
    const tool = tools.find(({ activity }) => activity === info.activityType);
    if (!tool) return {};
    const mustFit = (what: string, value: unknown) => {
      const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
      if (bytes > MAX_BYTES)
        throw createFailure(
          'ToolResultTooLarge',
          `The tool ${tool.name} (activity ${tool.activity}) ${what} of ${bytes} bytes; ${MAX_BYTES} are the limit, and 4,000 characters would be used.`,
        );
    };
    return {
      inbound: {
        execute: async (input, next) => {
          const result = await next(input).catch((error: unknown) => {
            mustFit('failed with a message', error instanceof Error ? error.message : error);
            throw error;
          });
          mustFit('returned a result', result);
          return result;
        },
      },
    };
  };
}
