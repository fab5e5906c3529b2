/**
 * Husky's loop: predict an action, carry it out, until the action generator finishes or a budget is spent.
 * It is pure code, so it runs in a workflow, where every call is an activity, and in the `advance` activity, where a journal records calls.
 */
import type { HandedOver, PredictActionInput, PredictActionResult } from '../contract/payloads';
import { addUsage, type StopReason } from '../trajectory/step';
import type { Calls } from './calls';
import type { SolutionState } from './solution-state';
import { consider, toolsOff, type Considered } from './consider';
import { askedApart, looksUp, missingFact, whyLookedUp } from './missing-fact';
import { mayAsk, takeHint } from './review';
import { settle } from './settle';
import { stepsBeside, takeTogether, type NamedStep } from './together';
import { takeStep } from './take-step';

/** How the solution ended. Without an `answer`, the best result so far is the answer. */
export interface LoopEnd {
  stopReason: StopReason;
  answer?: string;
  handOver?: undefined;
}

/** The loop stopped before a step that its caller has to take. */
export interface LoopLeft {
  handOver: HandedOver;
  stopReason?: undefined;
  answer?: undefined;
}

export interface LoopOptions {
  /** Asked after each step; false leaves the loop, although the solution has not ended. */
  betweenSteps?: (solution: SolutionState) => boolean;
  /** True for a tool whose steps the caller takes. The loop returns such a step, and the caller continues with {@link carryOut}. */
  handsOver?: (tool: string) => boolean;
}

export async function solveLoop(
  solution: SolutionState,
  calls: Calls,
  { betweenSteps, handsOver }: LoopOptions = {},
): Promise<LoopEnd | LoopLeft | undefined> {
  const { limits, tools } = solution.profile;
  for (;;) {
    const pause = calls.people?.pause();
    if (pause) await pause;
    for (const hint of calls.people?.hints() ?? []) takeHint(solution, hint);
    const last = solution.steps.at(-1);
    const summary = last ? `next step after [${last.tool}] ${last.step}` : `first step: ${solution.question}`;
    const off = toolsOff(solution);
    const { parallel = 1 } = solution.profile.guidance ?? {};
    const asked = {
      ...{ solution: solution.soFar(), tools: offered(tools) },
      off: off.length > 0 ? off : undefined,
      parallel: parallel > 1 ? parallel : undefined,
    };
    const { prediction, action } = await nextAction(solution, calls, asked, summary);
    if (action === undefined) return { stopReason: 'no-progress' };
    if (action.kind === 'finish') return { stopReason: 'finished', answer: action.answer };
    if (solution.taken >= limits.maxSteps) return { stopReason: 'max-steps' };
    const spentBefore = solution.spentBudget();
    if (spentBefore) return { stopReason: spentBefore };
    if (handsOver?.(action.tool) || (!calls.people && mayAsk(solution, action)))
      return { handOver: handedOver(action, prediction) };
    const isOurs = (step: NamedStep) => !handsOver?.(step.tool) && !mayAsk(solution, step);
    const beside = stepsBeside(solution, action, prediction.more ?? [], isOurs);
    const end =
      beside.length > 0
        ? await carryOutTogether(solution, calls, [action, ...beside], prediction)
        : await carryOut(solution, calls, action, prediction);
    if (end) return end;
    if (betweenSteps?.(solution) === false) return undefined;
  }
}

/** Asks for the next action. Where the question would be solved before a fact is there that it needs, the fact is asked for. */
async function nextAction(
  solution: SolutionState,
  calls: Calls,
  asked: PredictActionInput,
  summary: string,
): Promise<{ prediction: PredictActionResult; action: Considered | undefined }> {
  const prediction = await calls.predictAction(asked, summary);
  solution.spend(prediction.usage);
  const action = consider(solution, prediction.action);
  const missing = action && missingFact(solution, action);
  if (missing === undefined || solution.isSpent() || solution.taken >= solution.profile.limits.maxSteps)
    return { prediction, action };
  const again = await calls.predictAction({ ...asked, missing }, `look up: ${missing}`);
  solution.spend(again.usage);
  const both = {
    usage: addUsage(prediction.usage, again.usage),
    durationMs: prediction.durationMs + again.durationMs,
  };
  if (looksUp(solution, again.action))
    return { prediction: { ...again, ...both }, action: { ...again.action, instead: whyLookedUp(missing) } };
  const apart = (solution.profile.guidance?.rules ?? 0) >= 2 ? askedApart(solution, missing) : undefined;
  return {
    prediction: { ...prediction, ...both },
    action: apart ? { ...apart, instead: whyLookedUp(missing) } : action,
  };
}

/** Takes several steps at the same time. None of them asks the whole question, so there is no answer to settle. */
async function carryOutTogether(
  solution: SolutionState,
  calls: Calls,
  steps: Parameters<typeof takeTogether>[2],
  prediction: HandedOver['prediction'],
): Promise<LoopEnd | undefined> {
  await takeTogether(solution, calls, steps, prediction);
  const spent = solution.spentBudget();
  return spent && { stopReason: spent };
}

/** Takes one step. @returns how the solution ended with it; undefined if it goes on */
export async function carryOut(
  solution: SolutionState,
  calls: Calls,
  action: Parameters<typeof takeStep>[2] & { claim?: string },
  prediction: HandedOver['prediction'],
): Promise<LoopEnd | undefined> {
  await takeStep(solution, calls, action, prediction);
  const answer = await settle(solution, calls, action.claim);
  if (answer !== undefined) return { stopReason: 'finished', answer };
  const spent = solution.spentBudget();
  return spent && { stopReason: spent };
}

function handedOver(
  { tool, step, fallback, instead, claim }: HandedOver['action'],
  { action: _, more: __, ...prediction }: PredictActionResult,
): HandedOver {
  return { action: { tool, step, fallback, instead, claim }, prediction };
}

function offered(tools: readonly { name: string; description: string }[]) {
  return tools.map(({ name, description }) => ({ name, description }));
}
