/** Solutions as `husky solve --json` prints them. docs/formats.md describes them. */
import { z } from 'zod';
import type { LineSource } from '../files/line-reader';
import { STEP_FAILURES, type Decision, type Solution, type Step, type Usage, type Votes } from '../trajectory/step';
import { goldSchema } from './gold';
import { readJsonLines } from './json-lines';

export const usageSchema = z.object({
  calls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedTokens: z.number().optional(),
  money: z.number().optional(),
} satisfies Record<keyof Usage, z.ZodType>);
export const promptsSchema = z.object({ style: z.string(), hashes: z.record(z.string(), z.string()) });

const decisionSchema = z.object({
  kind: z.enum(['approved', 'refused', 'edited', 'answered', 'hinted']),
  because: z.string().optional(),
  askedAt: z.number().optional(),
  decidedAt: z.number(),
  by: z.string().optional(),
  byDeadline: z.literal(true).optional(),
  reason: z.string().optional(),
  proposed: z
    .object({
      tool: z.string(),
      step: z.string(),
      code: z.string().optional(),
      arguments: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
} satisfies Record<keyof Decision, z.ZodType>);

const stepSchema = z.object({
  index: z.number(),
  tool: z.string(),
  step: z.string(),
  code: z.string().optional(),
  query: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  observation: z.string().optional(),
  output: z.string(),
  model: z.record(z.string(), z.string()),
  usage: usageSchema,
  durationMs: z.number(),
  attempts: z.number(),
  failure: z.object({ kind: z.enum(STEP_FAILURES), message: z.string() }).optional(),
  error: z.string().optional(),
  together: z.literal(true).optional(),
  instead: z.string().optional(),
  raw: z.string().optional(),
  decisions: z.array(decisionSchema).optional(),
  fitted: z.object({ shortened: z.number(), omitted: z.number() }).optional(),
} satisfies Record<keyof Step, z.ZodType>);

const STOP_REASONS = [
  'finished',
  'max-steps',
  'token-budget',
  'money-budget',
  'no-progress',
  'deadline',
  'finish-now',
  'cancelled',
] as const;

const votesSchema = z.object({
  samples: z.number(),
  shown: z.number(),
  answers: z.array(z.object({ answer: z.string(), samples: z.array(z.number()) })),
  none: z.array(
    z.object({
      sample: z.number(),
      because: z.enum(['not-needed', 'failed', ...STOP_REASONS]),
      message: z.string().optional(),
    }),
  ),
} satisfies Record<keyof Votes, z.ZodType>);

export const solutionSchema = z.object({
  question: z.string().min(1),
  answer: z.string(),
  stopReason: z.enum(STOP_REASONS),
  partial: z.boolean(),
  steps: z.array(stepSchema),
  usage: usageSchema,
  models: z.record(z.string(), z.string()),
  prompts: promptsSchema,
  notices: z.array(z.string()).optional(),
  votes: votesSchema.optional(),
  workflowId: z.string(),
  runId: z.string(),
}) satisfies z.ZodType<Solution>;

/** Fields that a person or an application adds to a solution. */
const reviewedSchema = solutionSchema.extend({
  /** Whether a person found the answer right. */
  accepted: z.boolean().optional(),
  /** The label, if known. */
  gold: goldSchema.optional(),
});
export type ReviewedSolution = z.infer<typeof reviewedSchema>;

/** The solutions of a file one by one. @throws InputInvalid at the first line that is not a solution */
export async function* readSolutions(source: LineSource): AsyncGenerator<ReviewedSolution> {
  for await (const { value } of readJsonLines(source, 'a solution', reviewedSchema)) yield value;
}
