/** Options of a tool of the user's own, as the configuration has them. */
import { z } from 'zod';
import { modelConfigSchema } from '../models/model-config';
import { BUILT_IN_TOOLS, HINT_TOOL } from '../trajectory/step';
import { argumentCheck } from './argument-check';

export const toolNameSchema = z
  .string()
  .regex(/^\w+$/, 'letters, digits and underscore')
  .refine((name) => !['finish', HINT_TOOL, ...BUILT_IN_TOOLS].includes(name), 'the name of a built-in tool');

/** A JSON Schema of an object that can be compiled. */
export const argumentSchemaSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const issue = (message: string) => context.addIssue({ code: 'custom', message });
  if (schema.type !== 'object') return issue('a JSON Schema with type: object');
  try {
    argumentCheck(schema);
  } catch (cause) {
    issue(`no JSON Schema: ${(cause as Error).message}`);
  }
});

export const toolSchema = z.strictObject({
  /** Name that the action generator writes: `[weather] step`. Letters, digits and underscore. */
  name: toolNameSchema,
  /** What the tool does, in the words that the models are given. */
  description: z.string().min(1),
  /** Name of the activity. It gets `{ question, step, arguments }`, or without `input` `{ question, step, history }`. */
  activity: z.string().min(1),
  /** Task queue of the worker that has the activity. */
  taskQueue: z.string().min(1).optional(),
  /** Milliseconds that one attempt of a call may take. @default 60000 */
  timeoutMs: z.number().int().positive().optional(),
  /** JSON Schema of the tool's arguments, which a model writes from the step. @default none: the tool is given the step as a sentence */
  input: argumentSchemaSchema.optional(),
  /** A call without a heartbeat for so many milliseconds is tried again. @default none */
  heartbeatMs: z.number().int().positive().optional(),
  /** Attempts of a call. @default 3 with `input`, else those of `retry` */
  maxAttempts: z.number().int().positive().optional(),
  /** Whether a model makes a sentence of the tool's result. @default false */
  rewrite: z.boolean().optional(),
  /** Model that writes the arguments. @default `models.arguments` */
  model: modelConfigSchema.optional(),
});
