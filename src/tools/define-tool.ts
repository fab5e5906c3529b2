/** A tool of the user's own in TypeScript: a schema, and a function that is given what fits it. */
import { z } from 'zod';
import type { modelConfigSchema } from '../models/model-config';
import { createFailure } from '../failures';
import type { ArgumentSchema, CustomTool } from '../contract/profile';
import { argumentCheck } from './argument-check';
import { toolNameSchema } from './tool-config';

/** What a tool's function is told beside its arguments. */
export interface ToolCall {
  question: string;
  /** The step as the action generator wrote it. */
  step: string;
  /** Aborts when the solution is cancelled, the call has timed out, or the worker shuts down. */
  signal: AbortSignal;
}

type ModelConfigInput = z.input<typeof modelConfigSchema>;

export interface ToolSettings extends Pick<CustomTool, 'taskQueue' | 'timeoutMs' | 'maxAttempts' | 'rewrite'> {
  /** The model that writes its arguments. @default `models.arguments`, else the commonsense reasoner's */
  model?: ModelConfigInput;
}

export interface ToolDefinition<Schema extends z.ZodObject> extends ToolSettings {
  /** What the action generator writes in brackets: letters, digits and underscore. */
  name: string;
  /** What the tool does, in a sentence for the models. */
  description: string;
  /** Its arguments; `.describe()` of a field is read by the model that writes it. */
  input: Schema;
  /**
   * Text, `{ output, observation? }`, or any other JSON value. Of a long text both ends are kept. Throw ToolArgumentsInvalid by
   * {@link rejectArguments} where other arguments may do; any other error is tried again.
   */
  run: (args: z.output<Schema>, call: ToolCall) => unknown;
}

export interface DefinedTool {
  readonly settings: Omit<ToolSettings, 'model'> & { name: string; description: string; input: ArgumentSchema };
  readonly model?: ModelConfigInput;
  /** @throws ToolArgumentsInvalid where arguments do not fit what the schema alone cannot say */
  run(args: unknown, call: ToolCall): Promise<unknown>;
}

/**
 * @example
 * ```ts
 * const weather = defineTool({
 *   name: 'weather',
 *   description: 'tells the weather of a town on a day',
 *   input: z.object({ town: z.string(), day: z.iso.date().optional() }),
 *   run: async ({ town, day }, { signal }) => (await fetch(forecastUrl(town, day), { signal })).text(),
 * });
 * const worker = await Worker.create({ ..., plugins: [new HuskyPlugin(config, { tools: [weather] })] });
 * ```
 *
 * @throws ConfigurationInvalid where the name or the schema cannot be used
 */
export function defineTool<Schema extends z.ZodObject>(definition: ToolDefinition<Schema>): DefinedTool {
  const { name, description, input: schema, run, model, ...settings } = definition;
  const invalid = (why: string) => createFailure('ConfigurationInvalid', `The tool ${name}: ${why}.`);
  const named = toolNameSchema.safeParse(name);
  if (!named.success) throw invalid(`its name must be ${named.error.issues[0]?.message}`);
  if (typeof description !== 'string' || description.trim() === '')
    throw invalid('it has no description, by which models choose it');
  if (typeof (schema as unknown as { safeParse?: unknown } | undefined)?.safeParse !== 'function')
    throw invalid('its input must be a Zod schema of its arguments, such as z.object({ town: z.string() })');
  if (typeof run !== 'function') throw invalid('it has no run, the function that does its work');
  let input: ArgumentSchema;
  try {
    input = z.toJSONSchema(schema, { io: 'input' });
    argumentCheck(input);
  } catch (cause) {
    throw invalid(`its input cannot be told as a JSON Schema (${(cause as Error).message})`);
  }
  return {
    settings: { ...settings, name, description, input },
    model,
    run: async (args, call) => {
      const read = schema.safeParse(args);
      if (!read.success) throw rejectArguments(z.prettifyError(read.error));
      return run(read.data, call);
    },
  };
}

/** To be thrown where a tool can say what is wrong with its arguments; the model that wrote them is told and may mend them. */
export function rejectArguments(why: string): Error {
  return createFailure('ToolArgumentsInvalid', why);
}
