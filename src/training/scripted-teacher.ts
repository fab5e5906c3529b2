/**
 * A teacher that plays given trajectories back, with stated rates of mistakes: as whole trajectories, or as any expert of the loop. It
 * tests synthesis and makes the bundled experts' data without a large model.
 */
import type { GenerateRequest, Model } from '../models/model';
import type { Expert } from '../trajectory/modules';
import type { Trajectory, TrajectoryStep } from '../trajectory/trajectory';
import { hashFraction } from './text-hash';

/** Each is a probability per step. */
export interface ScriptedTeacherMistakes {
  /** The step is given to another tool, and its outcome is wrong. */
  wrongTool: number;
  /** A digit of a program or of an output is wrong; what follows from it is, too. */
  wrongNumber: number;
  /** The action cannot be parsed. */
  malformedStep: number;
  /** The program throws. */
  failingCode: number;
}

const NO_MISTAKES: ScriptedTeacherMistakes = { wrongTool: 0, wrongNumber: 0, malformedStep: 0, failingCode: 0 };

export interface ScriptedTeacherOptions {
  mistakes?: Partial<ScriptedTeacherMistakes>;
  /** @default 0 */
  seed?: number;
}

type Played = Pick<Trajectory, 'question' | 'steps' | 'finish' | 'answer'>;
type Chair = Expert | 'teacher';

/** Models for every expert. A prompt is recognised by the question in it, or, where that is not shown, by the step. */
export function createScriptedTeacher(
  trajectories: readonly Played[],
  options: ScriptedTeacherOptions = {},
): (chair: Chair) => Model {
  const { seed = 0 } = options;
  const mistakes = { ...NO_MISTAKES, ...options.mistakes };
  const byQuestion = new Map<string, Played>();
  const byResult = new Map<string, TrajectoryStep>();
  for (const played of trajectories) byQuestion.set(oneSpaced(played.question), played);
  const steps = trajectories.flatMap((played) => played.steps);
  const byStep = Map.groupBy(steps, ({ step }) => oneSpaced(step));
  for (const step of steps)
    if (step.tool === 'code' && step.observation) byResult.set(oneSpaced(step.observation), step);
  return (chair) => ({
    name: `scripted-teacher-${chair}`,
    generate: async (request) => {
      const luck = (what: string) => hashFraction(`${what}\n${request.prompt}`, seed + (request.seed ?? 0));
      const makes = (mistake: keyof ScriptedTeacherMistakes) => luck(mistake) < mistakes[mistake];
      const pieces = piecesOf(request.prompt);
      const played = pieces.map((piece) => byQuestion.get(piece)).findLast((found) => found !== undefined);
      const text =
        chair === 'teacher'
          ? writeOn(played, request, makes)
          : answer(chair, played, { byStep, byResult }, pieces, request, makes);
      return {
        text,
        finishReason: 'stop',
        model: 'scripted-teacher',
        usage: { calls: 1, inputTokens: estimate(request.prompt), outputTokens: estimate(text) },
      };
    },
  });
}

/** Steps by their wording, and programs' steps by what they printed. */
interface Memory {
  byStep: ReadonlyMap<string, TrajectoryStep[]>;
  byResult: ReadonlyMap<string, TrajectoryStep>;
}

type Makes = (mistake: keyof ScriptedTeacherMistakes) => boolean;

/** One chair of the loop. */
function answer(
  chair: Expert,
  played: Played | undefined,
  { byStep, byResult }: Memory,
  pieces: readonly string[],
  { prompt }: GenerateRequest,
  makes: Makes,
): string {
  if (chair === 'action') {
    if (!played) return '[finish] The answer is unknown.';
    const shown = shownAfter(prompt, played);
    const next = played.steps.find(({ step }) => !shown.includes(step));
    return next
      ? actionText(next, makes('wrongTool'), makes('malformedStep'))
      : `[finish] ${finishAfter(played, shown)}`;
  }
  const asked = (steps: readonly TrajectoryStep[] | undefined) =>
    pieces.map((piece) => steps?.filter(({ step }) => oneSpaced(step) === piece)).findLast((found) => found?.length);
  const candidates = asked(played?.steps) ?? pieces.map((piece) => byStep.get(piece)).findLast((found) => found) ?? [];
  const step = candidates.find(({ observation }) => observation && prompt.includes(observation)) ?? candidates[0];
  if (!step) return chair === 'commonsense' ? sentenceFor(pieces, byResult) : 'This is not known.';
  if (chair === 'code') return codeText(step, makes);
  if (chair === 'query') return step.query ?? step.step;
  const isOthersWork = chair === 'math' ? step.tool !== 'math' : step.tool === 'math';
  const isOtherResult = step.tool === 'code' && !prompt.includes(step.observation ?? '');
  return isOthersWork || isOtherResult || makes('wrongNumber') ? wrongNumber(step.output) : step.output;
}

/** Style `compact` shows the result of a program alone, without question and step. */
function sentenceFor(pieces: readonly string[], byResult: Memory['byResult']): string {
  const result = pieces.findLast((piece) => piece !== '') ?? '';
  const output = byResult.get(result)?.output;
  if (output !== undefined) return output;
  return /^-?\d[\d,]*(\.\d+)?$/.test(result) ? `The result is ${result}.` : 'This is not known.';
}

/** The whole trajectory, from where it stands to the next tool call. */
function writeOn(played: Played | undefined, { prompt }: GenerateRequest, makes: Makes): string {
  if (!played) return ' [finish] The answer is unknown.';
  const shown = shownAfter(prompt, played);
  const done = played.steps.filter(({ step }) => shown.includes(step)).length;
  const parts: string[] = [];
  if (shown.endsWith('Output:')) parts.push(` ${stated(played.steps[done - 1], shown)}`);
  for (const [at, step] of played.steps.entries()) {
    if (at < done) continue;
    const wrongTool = makes('wrongTool');
    parts.push(`Step ${at + 1}: ${actionText(step, wrongTool, makes('malformedStep'))}`);
    if (!wrongTool && step.query !== undefined) return [...parts, `Query: ${step.query}`].join('\n');
    if (!wrongTool && step.code !== undefined) return [...parts, `Code:\n${codeText(step, makes)}`].join('\n');
    parts.push(`Output: ${wrongTool || makes('wrongNumber') ? wrongNumber(step.output) : step.output}`);
  }
  const text = parts.join('\n');
  return `${text}${text ? '\n' : ''}Step ${played.steps.length + 1}: [finish] ${finishAfter(played, `${shown}${text}`)}`;
}

/** The sentence for a result: the known one, unless a program printed something else. */
function stated(step: TrajectoryStep | undefined, shown: string): string {
  const result = /\nResult: (.*)\nOutput:$/.exec(shown)?.[1] ?? '';
  if (!step) return result;
  return step.tool === 'code' && result !== step.observation ? `The result is ${result}.` : step.output;
}

/** The known answer. If the last step gave another number, that number. */
function finishAfter(played: Played, shown: string): string {
  const last = played.steps.at(-1);
  if (!last || oneSpaced(shown).includes(oneSpaced(last.output))) return finishOf(played);
  return `The answer is ${shown.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1) ?? 'unknown'}.`;
}

function actionText({ tool, step }: TrajectoryStep, wrongTool: boolean, malformed: boolean): string {
  if (malformed) return `${tool}: ${step}`;
  return `[${wrongTool ? (tool === 'math' ? 'commonsense' : 'math') : tool}] ${step}`;
}

function codeText({ code = '' }: TrajectoryStep, makes: Makes): string {
  if (makes('failingCode')) return 'undefinedFunction();';
  return makes('wrongNumber') ? wrongNumber(code) : code;
}

/** The last digit of the last number is one more. */
function wrongNumber(text: string): string {
  return text.replace(/(\d)(?!.*\d)/s, (digit) => String((Number(digit) + 1) % 10));
}

/** The prompt from the last mention of the question on. */
function shownAfter(prompt: string, { question }: Played): string {
  const at = Math.max(prompt.lastIndexOf(question), prompt.lastIndexOf(oneSpaced(question)));
  return prompt.slice(Math.max(0, at));
}

function finishOf({ finish, answer }: Played): string {
  return finish ?? `The answer is ${answer}.`;
}

/** Lines and the stretches between special tokens, as they are and without their labels. */
function piecesOf(prompt: string): string[] {
  return prompt.split(/<\|[^|>]*\|>|\n/).flatMap((piece) => {
    const text = oneSpaced(piece);
    return [text, text.replace(/^[A-Z][\w ]*:\s/, '')];
  });
}

/** Some styles of prompts join lines. */
function oneSpaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function estimate(text: string): number {
  return Math.ceil(text.length / 4);
}
