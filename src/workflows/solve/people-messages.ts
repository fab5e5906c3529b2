/**
 * Updates by which people decide, hint and pause. A validator checks each first, so that one which comes too late or does not fit is
 * refused with a reason and leaves no event. A signal of the same name does the same; a refusal is told by the query `huskyWaiting`.
 */
import type { UpdateDefinition } from '@temporalio/common';
import { defineSignal, patched, setHandler } from '@temporalio/workflow';
import type {
  AnswerInput,
  ApproveInput,
  Decided,
  EditInput,
  Hint,
  HintInput,
  PauseInput,
  Waiting,
  WaitingApproval,
} from '../../contract/people';
import { createFailure } from '../../failures';
import type { Made, Verdict } from '../../loop/calls';
import type { SolutionState } from '../../loop/solution-state';
import { oneLine } from '../../trajectory/bounded-text';
import { isJsonObject } from '../../trajectory/json-object';
import { BUILT_IN_TOOLS, type Decision } from '../../trajectory/step';
import * as messages from './messages';
import {
  forgetUnheeded,
  giveHint,
  isEarly,
  keepEarlyHint,
  keepUnheeded,
  open,
  past,
  remember,
  rest,
  running,
  tell,
  waiting,
  type Open,
} from './people-state';

/** Characters of a hint, an answer, an edited step or program, and of a reason. */
const MAX_TEXT = 20_000;

/** What a model writes for a step, as a sentence names it. */
const MADE: Record<keyof Made, string> = { code: 'program', arguments: 'arguments' };

/** Registers the query and the updates in the running workflow. The Temporal UI shows their descriptions. */
export function servePeople(): void {
  setHandler(messages.waiting, waiting, { description: 'What waits for a person. Input: none.' });
  serveDecision(messages.approveStep, 'approved', 'by', {
    description: 'Lets the step that waits be carried out. Input: none, or {"by", "reason", "approval"}.',
  });
  serveDecision(messages.refuseStep, 'refused', 'reason', {
    description:
      'Keeps the step that waits from being carried out. Input: the reason, or {"reason", "by", "approval"}.',
  });
  serveDecision(messages.editStep, 'edited', 'step', {
    more: ['step', 'tool', 'code', 'arguments'],
    description:
      'Changes the step that waits. Input: the new step, or {"step", "tool", "code", "arguments", "by", "approval"}.',
  });
  serveDecision(messages.answerStep, 'answered', 'answer', {
    more: ['answer'],
    description:
      'Answers the step that waits in the place of its tool. Input: the answer, or {"answer", "by", "approval"}.',
  });
  serve(messages.giveHint, takeHint, {
    validator: (input) => void hintOf(known(input, ['hint', 'by', 'solutionId'])),
    description: 'Tells the action generator something before its next step. Input: the hint, or {"hint", "by"}.',
  });
  serve(messages.pauseSolutions, pause, {
    validator: () => undefined,
    description: 'Lets no further step begin until huskyResume. Input: none, or {"by"}.',
  });
  serve(messages.resumeSolutions, (_?: PauseInput) => resume(), {
    validator: (_?: PauseInput) => void (rest.paused ?? refuse('InputInvalid', 'It is not paused.')),
    description: 'Lets a paused solution go on. Input: none.',
  });
}

/** Registers an update, and the signal of its name for those who send it as one. */
function serve<Result, Input extends [input?: object | string]>(
  update: UpdateDefinition<Result, Input>,
  carryOut: (...input: Input) => Result,
  { validator, description }: { validator: (...input: Input) => void; description: string },
): void {
  setHandler(update, carryOut, { validator, description });
  const heed = (...input: Input) => {
    // Nobody heeded the signals of older histories.
    if (!patched('husky-people-signal')) return;
    try {
      validator(...input);
      carryOut(...input);
      forgetUnheeded();
    } catch (error) {
      keepUnheeded(update.name, (error as Error).message);
    }
  };
  setHandler(defineSignal<Input>(update.name), heed, {
    description: `${description} A signal has no answer: huskyWaiting tells one that was refused, the update says so itself.`,
  });
}

/** @param field that a plain text is @param more fields beside those of every decision */
function serveDecision<Input extends [input?: object | string]>(
  update: UpdateDefinition<Decided, Input>,
  kind: Decision['kind'],
  field: keyof Message,
  { more = [], description }: { more?: string[]; description: string },
): void {
  const names = ['approval', 'by', 'reason', ...more];
  serve(update, (...[input]: Input) => decide(kind, fields(input, field)), {
    validator: (...[input]: Input) => void verdictOf(kind, known(fields(input, field), names)),
    description,
  });
}

/** Only validators ask: a replay takes what was accepted. @throws InputInvalid for a field that would be ignored, such as a misspelled `approval` */
function known<Input>(input: Input, names: readonly string[]): Input {
  const other = typeof input === 'object' && input !== null && Object.keys(input).find((name) => !names.includes(name));
  if (other)
    refuse('InputInvalid', `${oneLine(other, 40)} is no field of this update; it may have ${names.join(', ')}.`);
  return input;
}

type Message = ApproveInput & EditInput & Partial<AnswerInput>;

/** In the Temporal UI a person may enter a plain text, or a number: 42 is JSON without quotation marks. */
const isPlain = (input: unknown): input is string | number => typeof input === 'string' || typeof input === 'number';

function fields(input: object | string | undefined, field: keyof Message): Message {
  return isPlain(input) ? { [field]: input } : (input ?? {});
}

function decide(kind: Decision['kind'], message: Message): Decided {
  const { asked, verdict } = verdictOf(kind, message);
  asked.verdict = verdict;
  remember(asked.approval.id, verdict.decision);
  return { approval: asked.approval, decision: verdict.decision };
}

/** @throws ApprovalGone, InputInvalid */
function verdictOf(kind: Decision['kind'], message: Message): { asked: Open; verdict: Verdict } {
  const asked = find(text('approval', message.approval));
  const { because, askedAt } = asked.approval;
  const reason = text('reason', message.reason);
  const decision: Decision = {
    kind,
    because,
    askedAt,
    decidedAt: Date.now(),
    ...by(message),
    reason,
  };
  const changed =
    kind === 'answered'
      ? { answer: text('answer', message.answer) ?? refuse('InputInvalid', 'The answer is missing.') }
      : kind === 'edited'
        ? { edit: editOf(asked.approval, asked.solution, message) }
        : {};
  return { asked, verdict: { decision, ...changed } };
}

function editOf(approval: WaitingApproval, { profile }: SolutionState, message: Message): NonNullable<Verdict['edit']> {
  const [step, tool, code] = [text('step', message.step), text('tool', message.tool), text('code', message.code)];
  const made = { code, arguments: jsonObject('arguments', message.arguments) };
  for (const [field, name] of Object.entries(MADE) as [keyof Made, string][]) {
    if (made[field] === undefined) continue;
    if (approval[field] === undefined)
      refuse('InputInvalid', `Step ${approval.id} has no ${name}; change the step or its tool.`);
    if (step !== undefined || tool !== undefined)
      refuse('InputInvalid', `Change the ${name} or the step: a changed step has its ${name} written anew.`);
    return { [field]: made[field] };
  }
  if (step === undefined && tool === undefined)
    refuse('InputInvalid', 'Nothing was changed; give the step, its tool, its program (code) or its arguments.');
  const builtIn = BUILT_IN_TOOLS.filter((name) => !profile.off?.includes(name));
  const tools: string[] = [...builtIn, ...profile.tools.map(({ name }) => name)];
  if (tool !== undefined && !tools.includes(tool))
    refuse('InputInvalid', `There is no tool ${oneLine(tool, 40)}; there are ${tools.join(', ')}.`);
  return { step, tool };
}

/** @returns undefined for nothing */
function jsonObject(field: string, value: unknown): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) return refuse('InputInvalid', `${field} must be a JSON object.`);
  text(field, JSON.stringify(value));
  return value;
}

/** Finds the step that is meant. @throws ApprovalGone that says who was faster, or what waits */
function find(id: string | undefined): Open {
  const waits = [...open.values()].filter(({ verdict }) => !verdict);
  const [first] = waits;
  const asked = id === undefined ? first : waits.find(({ approval }) => approval.id === id);
  if (asked && (id !== undefined || waits.length === 1)) return asked;
  const list = waits
    .map(({ approval }) => `${approval.id} ([${approval.tool}] ${oneLine(approval.step, 60)})`)
    .join(', ');
  if (id === undefined && first) return refuse('ApprovalGone', `Several steps wait, so say which: ${list}.`);
  const [lastId, last] = id === undefined ? ([...past].at(-1) ?? []) : [id, past.get(id)];
  const who = last?.byDeadline ? 'the deadline' : (last?.by ?? 'somebody');
  const when = new Date(last?.decidedAt ?? 0).toISOString().slice(0, 19).replace('T', ' ');
  const before = last ? `Step ${lastId} was ${last.kind} by ${who} at ${when} UTC. ` : '';
  const none = last || id === undefined ? '' : `No step ${oneLine(id, 40)} waits. `;
  return refuse('ApprovalGone', `${before}${none}${list ? `These wait: ${list}.` : 'No step waits for a person now.'}`);
}

function takeHint(input: HintInput | string): Waiting {
  const { id, hint } = hintOf(input);
  if (id === undefined) keepEarlyHint(hint);
  else giveHint(id, hint);
  return waiting();
}

/** @returns no id before the first solution has begun @throws InputInvalid */
function hintOf(input: HintInput | string | undefined): { id?: string; hint: Hint } {
  const message: Partial<HintInput> = isPlain(input) ? { hint: input } : (input ?? {});
  const hint = text('hint', message.hint) ?? refuse('InputInvalid', 'The hint is missing.');
  const ids = [...running.keys()];
  const heads = [...new Set([...running.values()].map(({ head }) => head))];
  const { solutionId: id = heads.length === 1 ? heads[0] : undefined } = message;
  const said = { text: hint, ...by(message), at: Date.now() };
  if (id !== undefined && (running.has(id) || heads.includes(id))) return { id, hint: said };
  if (id === undefined && isEarly()) return { hint: said };
  if (ids.length === 0) return refuse('InputInvalid', 'No solution runs here now.');
  return refuse('InputInvalid', `Say by solutionId which solution is meant; these run: ${ids.join(', ')}.`);
}

function pause(input?: PauseInput): Waiting {
  rest.paused ??= { ...by(input), at: Date.now() };
  tell();
  return waiting();
}

function resume(): Waiting {
  delete rest.paused;
  tell();
  return waiting();
}

function by(input: PauseInput | undefined): { by?: string } {
  const name = typeof input?.by === 'string' ? oneLine(input.by, 100) : '';
  return name === '' ? {} : { by: name };
}

/** @returns undefined for nothing, and for blanks */
function text(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  // The number of a step is no number: 1.10 would become 1.1.
  if (typeof value === 'number' && field !== 'approval') return String(value);
  if (typeof value !== 'string') return refuse('InputInvalid', `${field} must be text.`);
  if (value.length > MAX_TEXT)
    return refuse('InputInvalid', `${field} has ${value.length} characters; ${MAX_TEXT} are the limit.`);
  return value.trim() || undefined;
}

function refuse(type: 'ApprovalGone' | 'InputInvalid', message: string): never {
  throw createFailure(type, message);
}
