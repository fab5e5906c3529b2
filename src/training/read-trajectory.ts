/**
 * Reads what a teacher writes. A model of completions goes on with the text as it stands. A chat model decorates it: bold labels, fences,
 * its own numbers, a finish in its own words. Both are read. Text that names no tool is no step.
 */
import { boxedAnswer } from '../formats/boxes';
import { wordsOf } from '../trajectory/bounded-text';
import { BUILT_IN_TOOLS } from '../trajectory/step';
import type { CustomTool } from '../contract/profile';
import { readArguments } from '../tools/read-arguments';
import type { PendingStep, WriteTrajectoryResult } from '../contract/synthesis';
import type { TrajectoryStep } from '../trajectory/trajectory';
import { isReasoned } from './trajectory-text';

export type ReadText = Pick<WriteTrajectoryResult, 'output' | 'steps' | 'call' | 'finish' | 'malformed'>;

export interface ReadOptions {
  /** Steps that were there before. */
  done: readonly Pick<TrajectoryStep, 'tool' | 'step'>[];
  /** The next step. It has its result; the teacher has yet to write its output. */
  pending?: PendingStep;
  customTools: readonly Pick<CustomTool, 'name' | 'input'>[];
}

/** A result that the teacher made up, in any decoration. Writing ends there. */
const OWN_RESULT = /^[ \t>*]*(?:##+[ \t]*)?\**Results?[ \t*]*:/im;
const STEP_HEAD = /^[ \t>*#]*Step[ \t]+(\d+)(?:[ \t]*(?:\/|of)[ \t]*\d+)?[ \t*]*[:.)–—-]?[ \t*]*(.*)$/i;
const BARE_HEAD = /^[ \t>*#-]*(?:(?:Action|Tool)[ \t*]*:[ \t*]*)?(?:(\d+)[.)][ \t*]*)?(`?\[\w+\]`?.*)$/i;
const ACTION = /^\[(\w+)\][ \t*:]*(.+)$/;
const FENCE_LINE = /^[ \t]*(?:```|~~~)/;
const PROGRAM = /^\s*(?:(?:\*\*)?(?:Code|Output)(?:\*\*)?:\s*)?(?:```|~~~|Code:)/;
/** Closed by as many marks as opened it; the info behind them may be anything. */
const FENCE = /(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)(?:\n?[ \t]*\1|$)/;
/** What a result is at most to stand for the sentence about it. */
const SHORT = 200;

/**
 * Reads one stretch of writing. If a model begins again at step 1, its first new step counts. Reading ends at the first tool call, at the
 * finish, or at what cannot be read. An output alone is read, too: the next stretch then has the next step.
 */
export function readTrajectory(text: string, { done, pending, customTools }: ReadOptions): ReadText {
  const tools = [...BUILT_IN_TOOLS, ...customTools.map(({ name }) => name), 'finish'];
  const own = text.replace(/\r\n?/g, '\n').split(OWN_RESULT, 1)[0] ?? '';
  const written = withLead(own, done.length, pending !== undefined);
  const heads = newHeads(headsOf(written, tools), pending ? [...done, pending] : done);
  const result: ReadText = { steps: [] };
  const before = heads.first ? written.slice(0, heads.first.start) : written;
  if (pending) {
    const said = (labelled(before, 'Output') ?? before).trim();
    const finish = heads.fresh.length === 0 ? finishOf(said) : undefined;
    const output = (finish ? withoutFinish(said, finish) : said.replace(/^```[\s\S]*$/, '')) || shortResult(pending);
    if (output === '') return { ...result, malformed: excerpt(written) };
    result.output = output;
    if (heads.fresh.length === 0) return finish ? { ...result, finish } : result;
  } else if (heads.fresh.length === 0) {
    const finish = finishOf(written);
    return finish ? { ...result, finish } : { ...result, malformed: excerpt(written) };
  }
  for (const [at, head] of heads.fresh.entries()) {
    const body = written.slice(head.end, heads.fresh[at + 1]?.start ?? written.length);
    const block = readBlock(head.action, body, customTools);
    if (block.kind === 'malformed') return { ...result, malformed: excerpt(written.slice(head.start)) };
    if (block.kind === 'finish') return { ...result, finish: block.text };
    if (block.kind === 'call') return { ...result, call: block.step };
    result.steps.push(block.step);
    // A finish without a step of its own ends the text; before another step it is a part of the thought.
    if (block.finish !== undefined && at === heads.fresh.length - 1) {
      block.step.output = block.before;
      result.finish = block.finish;
    }
  }
  return result;
}

interface Head {
  start: number;
  end: number;
  number?: number;
  /** `[tool] step`, without decoration. */
  action: string;
}

/** Lines that begin a step. A program in a fence has none, whatever its lines look like. */
function headsOf(text: string, tools: readonly string[]): Head[] {
  const heads: Head[] = [];
  let start = 0;
  let fenced = false;
  for (const line of text.split('\n')) {
    if (FENCE_LINE.test(line)) fenced = !fenced;
    const match = fenced ? undefined : (STEP_HEAD.exec(line) ?? bareHead(line, tools));
    if (match) {
      const [, number, written = ''] = match;
      const head = { start, end: start + line.length, action: actionOf(written, tools) };
      const last = heads.at(-1);
      // The number stands on a line of its own before its action.
      if (last?.action === '' && number === undefined && text.slice(last.end, start).trim() === '')
        Object.assign(last, { end: head.end, action: head.action });
      else heads.push({ ...head, number: number === undefined ? undefined : Number(number) });
    }
    start += line.length + 1;
  }
  return heads;
}

/** Without the word "Step" only a tool that exists makes a step: programs and tables have brackets, too. */
function bareHead(line: string, tools: readonly string[]): RegExpExecArray | undefined {
  const match = BARE_HEAD.exec(line);
  return match && toolIn(match[2] ?? '', tools) !== undefined ? match : undefined;
}

/** Without decoration, and with the tool as it is called: `**[Search]**` and "`[search]`" are `[search]`. */
function actionOf(text: string, tools: readonly string[]): string {
  const plain = text
    .replace(/\*\*/g, '')
    .replace(/`(\[\w+\])`/, '$1')
    .replace(/^`+|`+$/g, '')
    .trim();
  const tool = toolIn(plain, tools);
  return tool === undefined ? plain : plain.replace(/^\[\w+\]/, `[${tool}]`);
}

/** The tool that a text in brackets names, whatever its case. */
function toolIn(text: string, tools: readonly string[]): string | undefined {
  const named = /^`?\[(\w+)\]/.exec(text)?.[1]?.toLowerCase();
  return tools.find((name) => name.toLowerCase() === named);
}

/** Leaves out steps that the teacher repeats: steps before the expected number, if that number follows, and steps of the same words. */
function newHeads(all: Head[], known: readonly Pick<TrajectoryStep, 'tool' | 'step'>[]) {
  const expected = known.length + 1;
  const beginsAgain = all.some(({ number }) => number === expected);
  const told = new Set(known.map(({ tool, step }) => wordsOf(`[${tool}] ${step}`)));
  const fresh = all.filter(
    ({ number = expected, action }) => !(beginsAgain && number < expected) && !told.has(wordsOf(action)),
  );
  return { first: all[0], fresh };
}

/** The prompt ends with the label of what comes next; some models write it again. */
function withLead(text: string, done: number, awaitsOutput: boolean): string {
  const start = text.trimStart();
  if (awaitsOutput) return start;
  return start.startsWith('[') ? `Step ${done + 1}: ${start}` : start;
}

type Block =
  /** `finish` if the answer stands behind the thought `before`. */
  | { kind: 'step'; step: TrajectoryStep; before: string; finish?: string }
  | { kind: 'call'; step: PendingStep }
  | { kind: 'finish'; text: string }
  | { kind: 'malformed' };

function readBlock(action: string, body: string, customTools: ReadOptions['customTools']): Block {
  const [, tool = '', step = ''] = ACTION.exec(action) ?? [];
  if (tool === 'finish') return { kind: 'finish', text: step };
  if (tool === '') {
    const finish = finishOf(action);
    return finish ? { kind: 'finish', text: finish } : { kind: 'malformed' };
  }
  const own = customTools.find(({ name }) => name === tool);
  if (own) return { kind: 'call', step: { tool, step, ...argumentsIn(body, own) } };
  if (!(BUILT_IN_TOOLS as readonly string[]).includes(tool)) return { kind: 'malformed' };
  if (isReasoned(tool) && PROGRAM.test(body)) {
    // Whatever it is called, a program is for the sandbox.
    const code = programOf(body);
    return code === '' ? { kind: 'malformed' } : { kind: 'call', step: { tool: 'code', step, code } };
  }
  if (isReasoned(tool)) {
    const output = labelled(body, 'Output') ?? body.trim();
    if (output === '') return { kind: 'malformed' };
    const end = FINAL_LINE.exec(output);
    const before = output.slice(0, end?.index).trim();
    const finish = end && before !== '' ? finishOf(`Final answer: ${end[1] ?? end[2]}`) : undefined;
    return { kind: 'step', step: { tool, step, output }, before, finish };
  }
  if (tool === 'code') {
    const code = programOf(body);
    return code === '' ? { kind: 'malformed' } : { kind: 'call', step: { tool, step, code } };
  }
  const query = oneLine(labelled(body, 'Query') ?? '');
  return query === '' ? { kind: 'malformed' } : { kind: 'call', step: { tool, step, query } };
}

/** Arguments that do not fit are shown to the teacher as what went wrong, as a program that failed is. */
function argumentsIn(body: string, { name, input }: Pick<CustomTool, 'name' | 'input'>): Partial<PendingStep> {
  if (input === undefined) return {};
  const read = readArguments(body.split('Arguments:', 2)[1] ?? '', { name, input });
  return 'invalid' in read ? { error: `The arguments do not fit: ${read.invalid}` } : read;
}

/** The first fence, with or without a label; else what stands behind the label. */
function programOf(body: string): string {
  const fence = FENCE.exec(body)?.[2];
  if (fence !== undefined) return fence.trim();
  const [lead, ...rest] = body.split(/^[ \t>*#]*Code[ \t*]*:[ \t*]*/im);
  if (rest.length === 0 || lead?.trim()) return '';
  const program = (rest.join('Code:').split(/^[ \t>*#]*Output[ \t*]*:/im, 1)[0] ?? '').trim();
  return program.replace(/^`([^`\n]+)`$/, '$1');
}

function labelled(body: string, label: 'Output' | 'Query'): string | undefined {
  const named = label === 'Query' ? '(?:Search[ \\t]+)?Query' : label;
  const part = body.split(new RegExp(`^[ \\t>*#]*${named}[ \\t*]*:[ \\t*]*`, 'im'))[1];
  return part?.trim();
}

/** The first line that is no fence, without quotation marks. */
function oneLine(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '' && !FENCE_LINE.test(one)) ?? '';
  return line.trim().replace(/^(?:(["'`])(.*)\1|“(.*)”|«(.*)»)$/, '$2$3$4');
}

const ANSWER = /(?:the (?:final )?answer is|final answer)[\s*:]*([^\s*:][^\n]*)/i;
/** The answer behind a thought, on a line of its own or under a heading. */
const FINAL_LINE = /\n[ \t>*#]*(?:Final answer[ \t*]*(?::|\n)[\s*:]*([^\s*:][^\n]*)|(?<=####[ \t]*)(\S[^\n]*))\s*$/i;

/** The answer of a text that has no [finish] step, as the sentence of such a step. */
function finishOf(text: string): string | undefined {
  const answer = boxedAnswer(text)?.last ?? ANSWER.exec(text.replace(/\*\*/g, ''))?.[1];
  // What comes after the sentence is courtesy; "St. Louis" is one answer.
  const [first = ''] = answer?.split(/[.!](?=\s+(?:I|If|Let|This|That|Hope|Please|Thank|Note|We|You)\b)/, 1) ?? [];
  const bare = first.trim().replace(/\.$/, '');
  return bare ? `The answer is ${bare}.` : undefined;
}

/** "The answer is 72." in place of a sentence about the result is both. */
function withoutFinish(said: string, finish: string): string {
  const output = said
    .slice(0, said.search(new RegExp(`${ANSWER.source}|\\\\boxed`, 'i')))
    .replace(/\b(?:so|thus|therefore|hence)\b[\s,:*$]*$/i, '')
    .trim();
  return /\p{L}/u.test(output) ? output : finish;
}

/** If the model left out the sentence, a short result takes its place. */
function shortResult({ observation = '' }: PendingStep): string {
  const text = observation.trim();
  return text.length <= SHORT && !text.includes('\n') ? text : '';
}

function excerpt(text: string): string {
  return text.trim().slice(0, 300) || '(nothing)';
}
