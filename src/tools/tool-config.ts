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
  /** Letters, digits and underscore; the action generator writes `[name] step`. */
  name: toolNameSchema,
  /** What the tool does, for the models. */
  description: z.string().min(1),
  /** Name of the activity; docs/tools.md#an-activity-in-any-language. */
  activity: z.string().min(1),
  /** Queue of its worker; the husky commands need it. @default the solution's own, in a worker of yours */
  taskQueue: z.string().min(1).optional(),
  /** Milliseconds of one attempt. @default 60000 */
  timeoutMs: z.number().int().positive().optional(),
  /** JSON Schema of the arguments, which a model writes. @default none: the tool is given the step as a sentence */
  input: argumentSchemaSchema.optional(),
  /** Milliseconds without a heartbeat until the call is tried again. @default none */
  heartbeatMs: z.number().int().positive().optional(),
  /** Attempts of a call. @default 3 with `input`, else those of `retry` */
  maxAttempts: z.number().int().positive().optional(),
  /** A model makes a sentence of the result. @default false */
  rewrite: z.boolean().optional(),
  /** Writes the arguments. @default `models.arguments` */
  model: modelConfigSchema.optional(),
});
