/** The activities of tools that are defined in TypeScript, for the worker that holds them. */
import { withApi, type HuskyConfig } from '../config';
import type { TypedToolInput } from '../contract/profile';
import { createFailure } from '../failures';
import { readToolResult } from '../loop/tool-result';
import { knowsArguments, mustBeTaught } from '../prompts/prompt';
import type { DefinedTool } from '../tools/define-tool';
import { toolSchema } from '../tools/tool-config';
import { withHeartbeat } from './heartbeat';
import { boundedError } from './tool-bounds';
import { tracedCall } from './traced-parts';
import { spanTexts } from './traced-texts';

const toolActivityName = (tool: string): string => `huskyTool_${tool}`;

/**
 * For a worker of tools alone, on a host or queue of its own; {@link HuskyPlugin} and `createHuskyWorkers` register those of
 * `parts.tools` themselves.
 *
 * @example
 * ```ts
 * await Worker.create({ connection, taskQueue: 'weather-desk', activities: toolActivities([weather]) });
 * ```
 */
export function toolActivities(
  tools: readonly DefinedTool[] = [],
): Record<string, (input: TypedToolInput) => Promise<unknown>> {
  const texts = spanTexts({});
  return Object.fromEntries(
    tools.map((tool) => [
      toolActivityName(tool.settings.name),
      ({ arguments: args, question, step }) =>
        withHeartbeat(async (signal) => {
          try {
            const { name } = tool.settings;
            return bounded(
              name,
              await tracedCall(name, args, texts, async () => tool.run(args, { question, step, signal })),
            );
          } catch (error) {
            throw boundedError(error);
          }
        }),
    ]),
  );
}

/** Cut here, so that a result of any size reaches the workflow. */
function bounded(name: string, returned: unknown): unknown {
  const { output, observation, failed } = readToolResult(name, returned);
  return failed ? null : observation === undefined ? output : { output, observation };
}

/**
 * A configuration with the tools that are defined in TypeScript beside those that it names.
 *
 * @throws ConfigurationInvalid where a name is taken
 */
export function withDefinedTools(config: HuskyConfig, defined: readonly DefinedTool[] = []): HuskyConfig {
  if (defined.length === 0) return config;
  const own = defined.map(({ settings, model }) =>
    toolSchema.parse({
      ...settings,
      activity: toolActivityName(settings.name),
      heartbeatMs: config.timeouts.heartbeatMs,
      model,
    }),
  );
  const tools = [...config.tools, ...own];
  const twice = tools.find(({ name }, at) => tools.findIndex((other) => other.name === name) !== at);
  if (twice) throw createFailure('ConfigurationInvalid', `Two tools are called ${twice.name}; rename one.`);
  if (!knowsArguments(config.prompts)) mustBeTaught(config.prompts, 'arguments');
  return withApi({ ...config, tools });
}
