/**
 * Limits the results of a user's own tools on their worker. A message of more than 4 MB never reaches the server: the call would time out
 * and be repeated for ever.
 */
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { CustomTool } from '../contract/profile';
import { createFailure } from '../failures';

/** Bytes of the largest result: Temporal's limit for payloads, minus the fields around it. */
const MAX_BYTES = 2_000_000;

/**
 * For workers of tools without {@link HuskyPlugin}, which brings it: `interceptors: { activity: [boundTools(config.tools)] }`.
 *
 * @returns an interceptor that fails a tool's call with ToolResultTooLarge; other activities are not affected
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
