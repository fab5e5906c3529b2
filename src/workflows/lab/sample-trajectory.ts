/** One trajectory of one question, in either style of synthesis. */
import { huskyActivities } from '../call-activities';
import type { SynthesisActivities } from '../../activities/lab/synthesis';
import { cutMiddle, oneLine } from '../../trajectory/bounded-text';
import { trajectoryOf, type TrajectoryOrigin } from '../../trajectory/from-solution';
import { parseAnswer } from '../../trajectory/parse-action';
import type { SolveProfile } from '../../contract/profile';
import { addUsage, NO_USAGE, type Usage } from '../../trajectory/step';
import type { PendingStep, SynthesisSettings } from '../../contract/synthesis';
import {
  TRAJECTORY_VERSION,
  type Trajectory,
  type TrajectoryStep,
  type QuestionIndex,
} from '../../trajectory/trajectory';
import { readToolResult } from '../../loop/tool-result';
import { usageUntil } from '../solve/call-failure';
import { createCalls } from '../solve/calls';
import { recordProfile } from '../solve/record-profile';
import { runSolutionInParts } from '../solve/run-in-parts';
import type { SolveInput } from '../solve/run-solution';
import { suggestedToContinue } from './suggested-to-continue';

export interface SampleInput {
  settings: SynthesisSettings;
  index: QuestionIndex;
  question: string;
  gold?: string;
  sample: number;
  /** What the run before left of it. */
  unfinished?: SolveInput;
}

/** Usage of a sample, which also counts if a call fails. */
export interface Meter {
  usage: Usage;
}

const STEPS_PER_ACTIVITY = 8;
/** Characters kept of a custom tool's output. */
const OBSERVATION = 4000;

/** Not yet judged; or what the next run of the workflow goes on with. */
export function sampleTrajectory(input: SampleInput, meter: Meter): Promise<Trajectory | { unfinished: SolveInput }> {
  return input.settings.style === 'modular' ? solved(input, meter) : written(input, meter);
}

/** Style `modular`: the solve loop with the teacher as every module. */
async function solved(
  { settings, question, unfinished, ...rest }: SampleInput,
  meter: Meter,
): Promise<Trajectory | { unfinished: SolveInput }> {
  let begun: Meter | undefined;
  try {
    const limits = { maxSteps: settings.maxSteps };
    const input = { question, limits, stepsPerActivity: STEPS_PER_ACTIVITY, samples: 1 };
    const part = await runSolutionInParts(unfinished ?? input, suggestedToContinue, {
      started: (state) => void (begun = state),
    });
    if ('unfinished' in part) return part;
    const { solution } = part;
    meter.usage = solution.usage;
    const teacher = [...new Set(Object.values(solution.models))].join(', ');
    return trajectoryOf(solution, origin({ settings, question, ...rest }, teacher, solution.prompts.hashes));
  } catch (error) {
    meter.usage = usageUntil(error) ?? begun?.usage ?? unfinished?.carried?.usage ?? NO_USAGE;
    throw error;
  }
}

/** Style `trajectory`, the paper's way: the teacher continues a text, and each tool call is carried out. */
async function written(input: SampleInput, meter: Meter): Promise<Trajectory> {
  const { settings, question, sample } = input;
  const profile = await recordProfile({ limits: {} });
  const calls = createCalls(profile);
  const { writeTrajectory } = teacherCalls(profile);
  const mcpTools = profile.tools
    .filter(({ mcp }) => mcp)
    .map(({ name, description, input }) => ({ name, description, input }));
  const steps: TrajectoryStep[] = [];
  let pending: PendingStep | undefined;
  for (let call = 0; ; call += 1) {
    const text = await writeTrajectory.executeWithOptions(
      { summary: oneLine(`[teacher] ${pending ? pending.step : question}`, 120) },
      [
        {
          question,
          steps,
          pending,
          temperature: settings.temperature,
          seed: settings.seed + sample * 1000 + call,
          ...(mcpTools.length > 0 ? { mcpTools } : {}),
        },
      ],
    );
    meter.usage = addUsage(meter.usage, text.usage);
    if (pending && text.output !== undefined) {
      const { error: _error, ...step } = pending;
      steps.push({ ...step, output: text.output });
      pending = undefined;
    }
    steps.push(...text.steps);
    const end = (outcome: Partial<Trajectory>): Trajectory => ({
      version: TRAJECTORY_VERSION,
      ...origin(input, text.model, { trajectory: text.promptHash }),
      question,
      answer: '',
      steps,
      accepted: false,
      ...outcome,
    });
    if (text.malformed !== undefined) return end({ rejection: 'malformed-step' });
    if (text.finish !== undefined) return end({ finish: text.finish, answer: parseAnswer(text.finish) });
    if (steps.length >= settings.maxSteps) return end({ rejection: 'too-many-steps' });
    pending = text.call && (await carriedOut(text.call, { calls, profile, question, steps }));
  }
}

interface Surroundings {
  calls: ReturnType<typeof createCalls>;
  profile: SolveProfile;
  question: string;
  steps: TrajectoryStep[];
}

async function carriedOut(call: PendingStep, { calls, profile, question, steps }: Surroundings): Promise<PendingStep> {
  const { language, outputStyle } = profile;
  if (call.code !== undefined) {
    const { text, error } = await calls.executeCode({ code: call.code, language, outputStyle }, `[code] ${call.step}`);
    return error === undefined ? { ...call, observation: text } : { ...call, error };
  }
  if (call.query !== undefined) {
    const { text } = await calls.search({ query: call.query }, `[search] ${call.query}`);
    return text === undefined ? call : { ...call, observation: text };
  }
  const tool = profile.tools.find(({ name }) => name === call.tool);
  if (!tool) return { ...call, error: `there is no tool ${call.tool}` };
  const history = steps.map(({ step, output }) => ({ step, output }));
  const { step, arguments: written, error } = call;
  if (error !== undefined) return call;
  const called = await calls.custom(tool, { question, step, ...(written ? { arguments: written } : { history }) });
  if (!('returned' in called)) return { ...call, error: 'rejected' in called ? called.rejected : called.failed };
  const { output, failed } = readToolResult(tool.name, called.returned);
  return failed ? { ...call, error: failed.message } : { ...call, observation: cutMiddle(output, OBSERVATION) };
}

/** @param prompts absent where none was asked */
export function origin(
  { settings, index, gold, sample }: SampleInput,
  teacher: string,
  prompts?: Record<string, string>,
): TrajectoryOrigin {
  const { datasetName: dataset, style } = settings;
  const id = `${dataset}:${index}:${sample}`;
  return { id, dataset, index, gold, source: { teacher, style, sample, prompts } };
}

/** On the synthesis' own queue: workers of role `action` do not have the lab's activities. */
function teacherCalls({ timeouts, retry }: SolveProfile) {
  return huskyActivities<SynthesisActivities>({
    startToCloseTimeout: timeouts.model,
    heartbeatTimeout: timeouts.heartbeat,
    retry: { initialInterval: retry.initialMs, maximumInterval: retry.maximumMs },
  });
}
