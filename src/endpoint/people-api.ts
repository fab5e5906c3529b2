/** What people tell a running solution, below `/api/solutions/ID`: decisions on the step that waits, hints, pauses. */
import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { z } from 'zod';
import type { SolutionHandle } from '../husky-client';
import type { Decided, Waiting } from '../contract/people';
import { parseBody } from './ask';
import { unavailable } from './refusal';

/** Milliseconds for a worker to take what a person says. */
const TELL_LIMIT = 15_000;

const named = { by: z.string().optional() };
const ofStep = { ...named, approval: z.string().optional(), reason: z.string().optional() };

type Tell = (handle: SolutionHandle, body: unknown) => Promise<Decided | Waiting>;

const route =
  <Schema extends z.ZodType>(
    schema: Schema,
    tell: (handle: SolutionHandle, said: z.infer<Schema>) => Promise<Decided | Waiting>,
  ): Tell =>
  (handle, body) =>
    tell(handle, parseBody(schema, body));

/** By the last part of the path. The workflow checks whether the message fits, so that all ways of sending it have the same rules. */
export const PEOPLE_ROUTES: Record<string, Tell> = {
  approve: route(z.strictObject(ofStep), (handle, said) => handle.approve(said)),
  refuse: route(z.strictObject({ ...ofStep, reason: z.string() }), (handle, { reason, ...said }) =>
    handle.refuse(reason, said),
  ),
  edit: route(
    z.strictObject({
      ...ofStep,
      step: z.string().optional(),
      tool: z.string().optional(),
      code: z.string().optional(),
      arguments: z.record(z.string(), z.unknown()).optional(),
    }),
    (handle, said) => handle.edit(said),
  ),
  answer: route(z.strictObject({ ...ofStep, answer: z.string() }), (handle, { answer, ...said }) =>
    handle.answer(answer, said),
  ),
  hint: route(z.strictObject({ ...named, hint: z.string() }), (handle, { hint, ...said }) => handle.hint(hint, said)),
  pause: route(z.strictObject(named), (handle, said) => handle.pause(said)),
  resume: route(z.strictObject(named), (handle, said) => handle.resume(said)),
};

/**
 * Tells a solution what a person said.
 *
 * @throws Refusal (503) when no worker answers in time; ApprovalGone, InputInvalid as the workflow refuses
 */
export async function tellSolution(handle: SolutionHandle, tell: Tell, body: unknown): Promise<Decided | Waiting> {
  const { client } = handle.workflow;
  try {
    return await client.withDeadline(Date.now() + TELL_LIMIT, () => tell(handle, body));
  } catch (error) {
    if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error;
    throw unavailable(
      'No worker answered in time. It may still be taken when one runs; look at the solution before you say it again.',
      'no_worker',
    );
  }
}
