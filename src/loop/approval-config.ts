/** The part of the configuration that says which steps wait for a person. */
import { z } from 'zod';
import { APPROVAL_RULES, type Approval } from '../contract/people';
import { BUILT_IN_TOOLS } from '../trajectory/step';

export const approvalConfigSchema = z.strictObject({
  /** Steps that wait: `always`, `programs` (each program, before it runs), `custom-tools`, or tools by name. @default none */
  steps: z.array(z.string().min(1)).default([]),
  /** A step waits each time the solution has cost this sum again. @default never */
  money: z.number().positive().optional(),
  /** Milliseconds between reminders. @default none */
  remindMs: z.number().int().min(1000).optional(),
  /** Milliseconds until `atDeadline` decides. @default none: a step waits until somebody decides */
  deadlineMs: z.number().int().min(1000).optional(),
  /** `finish` ends with the best answer so far. @default 'refuse' */
  atDeadline: z.enum(['approve', 'refuse', 'finish']).default('refuse'),
  /** Activity of your workers that tells people. It gets an `ApprovalNotice` for each step that waits and each reminder. */
  notify: z
    .strictObject({
      /** Name of the activity. */
      activity: z.string().min(1),
      /** Task queue of the worker that has it. @default the solution's own */
      taskQueue: z.string().min(1).optional(),
    })
    .optional(),
});

type ApprovalConfig = z.output<typeof approvalConfigSchema>;

/** What a solution records about approval. @param more rules and tools that this solution adds @returns undefined if no step waits */
export function approvalOf({ steps, ...rest }: ApprovalConfig, more: readonly string[] = []): Approval | undefined {
  const all = [...new Set([...steps, ...more])];
  return all.length > 0 || rest.money !== undefined ? { ...rest, steps: all } : undefined;
}

/** Finds a rule that would never match, because it is misspelt: neither a rule nor a tool. @returns why, in a sentence */
export function unknownRule(steps: readonly string[], tools: readonly { name: string }[]): string | undefined {
  const known: readonly string[] = [...APPROVAL_RULES, ...BUILT_IN_TOOLS, ...tools.map(({ name }) => name)];
  const unknown = steps.find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `"${unknown}" is neither a rule nor a tool; there are ${known.join(', ')}`;
}
