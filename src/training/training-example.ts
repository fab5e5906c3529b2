/**
 * Makes training examples of a kept trajectory: what each module should have written (Husky, section 3.2):
 * the action generator `x, h -> [t] s` at each step and `[finish]` with the answer at the end; the code, math and query modules
 * `x, h, s -> c | m | q`, each from the steps of its own tool, with the history before that step.
 * The code of inference renders the prompts.
 */
import type { CustomTool } from '../contract/profile';
import type { PromptFields, PromptSet, RenderedPrompt } from '../prompts/prompt';
import type { ModuleName } from '../trajectory/modules';
import { isWholeQuestion, parseAction, trimReasoning } from '../trajectory/parse-action';
import { shownHistory, type HistoryEntry } from '../trajectory/solution-history';
import { answerOfStep, sameAnswer } from '../trajectory/stated-answer';
import type { Trajectory, TrajectoryStep } from '../trajectory/trajectory';
import { hashText, type TextHash } from './text-hash';

/** One pair for one module. */
export interface TrainingExample {
  module: ModuleName;
  /** Trajectory id, `#`, and the position of the step from 0. */
  id: string;
  /** Tool of its step; `finish` at the end. */
  tool: string;
  prompt: RenderedPrompt;
  completion: string;
  /** Equal for examples with the same module, prompt and completion; cheaper than comparing the rendered text. */
  identity: TextHash;
}

/** Why a step gave no example for a module. */
export type SkippedExample =
  | 'empty'
  | 'not-read-back'
  | 'no-result'
  /** The step answered the whole question, and not as the kept solution does. */
  | 'another-answer'
  /** The loop asked the whole question once more of a tool, for a vote. */
  | 'vote';

export interface ExampleOptions {
  modules: ReadonlySet<ModuleName>;
  prompts: PromptSet;
  /** Chooses the wrapping in style `husky-v1`. */
  modelNames?: Partial<Record<ModuleName, string>>;
  /** Language that the code module writes. @default the prompt set's own */
  language?: 'javascript' | 'python';
  /** The user's own tools, offered to the action generator as at inference; those with a schema teach the argument generator. */
  tools?: readonly OfferedTool[];
}

export type OfferedTool = Pick<CustomTool, 'name' | 'description' | 'input' | 'rewrite'>;

export interface ExampleSink {
  example(example: TrainingExample): void;
  skipped(module: ModuleName, why: SkippedExample): void;
}

/** Passes every example of a trajectory to the sink, in the order of the steps. */
export function extractExamples(trajectory: Trajectory, options: ExampleOptions, sink: ExampleSink): void {
  const { modules, prompts, modelNames, language, tools = [] } = options;
  const customTools = tools.map(({ name }) => name);
  const { question } = trajectory;
  const history: HistoryEntry[] = [];
  let known = hashText(question);

  const give = (module: ModuleName, at: number, tool: string, fields: PromptFields, completion: string) => {
    const text = completion.trim();
    if (text === '') return sink.skipped(module, 'empty');
    if (prompts.readOutput && prompts.readOutput(module, text).trim() !== text)
      return sink.skipped(module, 'not-read-back');
    if (!isReadBack(module, text, tool, customTools)) return sink.skipped(module, 'not-read-back');
    const prompt = prompts.render(module, fields, modelNames?.[module]);
    const identity = hashText(
      text,
      hashText(
        (fields.code ?? '') + (fields.observation ?? '') + (fields.tool ? JSON.stringify(fields.tool) : ''),
        hashText(fields.step ?? '', hashText(module, known)),
      ),
    );
    sink.example({ module, id: `${trajectory.id}#${at}`, tool, prompt, completion: text, identity });
  };

  for (const [at, step] of trajectory.steps.entries()) {
    if (modules.has('action') && isVote(trajectory.steps, at)) sink.skipped('action', 'vote');
    else if (modules.has('action'))
      give('action', at, step.tool, actionFields(question, history, tools), `[${step.tool}] ${step.step.trim()}`);
    for (const part of MODULES_OF_TOOL[step.tool] ?? ownParts(step.tool, tools)) {
      if (!modules.has(part.module)) continue;
      if (part.needsResult && !step.observation?.trim()) sink.skipped(part.module, 'no-result');
      else if (part.module !== 'commonsense' && saysAnother(trajectory, step))
        sink.skipped(part.module, 'another-answer');
      else
        give(
          part.module,
          at,
          step.tool,
          {
            question,
            history: shownHistory(part.module, step.step, history),
            step: step.step.trim(),
            ...(part.module === 'code' ? { language } : {}),
            ...part.shown(step),
          },
          part.target(step) ?? '',
        );
    }
    const output = shownOutput(trajectory, step, tools);
    history.push({ step: step.step, output });
    known = hashText(output, hashText(step.step, known));
  }
  if (modules.has('action') && (trajectory.finish ?? trajectory.answer) !== '') {
    const text = `[finish] ${trajectory.finish ?? `The answer is ${trajectory.answer}.`}`;
    give('action', trajectory.steps.length, 'finish', actionFields(question, history, tools), text);
  }
}

/**
 * What inference will show of a step. A teacher that writes whole trajectories words every result; the loop shows the result of a tool of
 * the user's as it is, unless the tool says `rewrite`.
 */
function shownOutput({ source }: Trajectory, step: TrajectoryStep, tools: readonly OfferedTool[]): string {
  const isWorded = source.style === 'trajectory' && !(step.tool in MODULES_OF_TOOL);
  if (!isWorded || tools.some(({ name, rewrite }) => name === step.tool && rewrite)) return step.output;
  return step.observation?.trim() ? step.observation : step.output;
}

/** Whether an earlier step asked the whole question of the same tool. */
function isVote(steps: readonly TrajectoryStep[], at: number): boolean {
  const { tool, step } = steps[at]!;
  return isWholeQuestion(step) && steps.slice(0, at).some((one) => one.tool === tool && isWholeQuestion(one.step));
}

/** Whether a step answered the whole question otherwise than the solution did: it was wrong, or came out right by chance. */
function saysAnother({ answer }: Trajectory, step: TrajectoryStep): boolean {
  if (!isWholeQuestion(step.step)) return false;
  const said = answerOfStep(step);
  return said === undefined || !sameAnswer(said, answer);
}

/** The action generator's fields; `tools` is absent if it is at inference. */
function actionFields(
  question: string,
  history: readonly HistoryEntry[],
  tools: ExampleOptions['tools'] = [],
): PromptFields {
  const offered = tools.map(({ name, description }) => ({ name, description }));
  return tools.length > 0 ? { question, history, tools: offered } : { question, history };
}

interface ModulePart {
  module: ModuleName;
  target: (step: TrajectoryStep) => string | undefined;
  /** Fields shown beside question, history and step. */
  shown: (step: TrajectoryStep) => Partial<PromptFields>;
  /** Whether the step needs a result: a program or query without one has failed, and is not taught. */
  needsResult: boolean;
}

const nothing = () => ({});

/** The modules that a step of each built-in tool teaches. */
const MODULES_OF_TOOL: Record<string, ModulePart[]> = {
  code: [
    { module: 'code', target: ({ code }) => code, shown: nothing, needsResult: true },
    {
      module: 'code-rewrite',
      target: ({ output }) => output,
      shown: ({ code, observation }) => ({ code, observation }),
      needsResult: true,
    },
  ],
  search: [
    { module: 'query', target: ({ query }) => query, shown: nothing, needsResult: true },
    {
      module: 'search-rewrite',
      target: ({ output }) => output,
      shown: ({ observation }) => ({ observation }),
      needsResult: true,
    },
  ],
  math: [{ module: 'math', target: ({ output }) => output, shown: nothing, needsResult: false }],
  commonsense: [{ module: 'commonsense', target: ({ output }) => output, shown: nothing, needsResult: false }],
};

/** A tool with a schema teaches its arguments, and the rewriter where a sentence was made of its result. */
function ownParts(tool: string, tools: readonly OfferedTool[]): ModulePart[] {
  const { name, description, input } = tools.find((one) => one.name === tool) ?? {};
  if (name === undefined || description === undefined || input === undefined) return [];
  return [
    {
      module: 'arguments',
      target: (step) => step.arguments && JSON.stringify(step.arguments),
      shown: () => ({ tool: { name, description, input } }),
      needsResult: true,
    },
    {
      module: 'search-rewrite',
      target: ({ output, observation }) => (output === observation ? undefined : output),
      shown: ({ observation }) => ({ observation }),
      needsResult: true,
    },
  ];
}

/** Leaves out a completion that inference would read differently. */
function isReadBack(module: ModuleName, text: string, tool: string, customTools: readonly string[]): boolean {
  if (module === 'action') {
    const action = parseAction(text, customTools);
    if (action.kind === 'finish') return tool === 'finish' && `[finish] ${action.text}` === text;
    return action.fallback === undefined && `[${action.tool}] ${action.step}` === text;
  }
  if (module === 'math' || module === 'commonsense') return trimReasoning(text) === text;
  return true;
}
