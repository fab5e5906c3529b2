/** The profile of a solution that begins: what this worker's configuration decides for it. */
import { modelOf, type HuskyConfig } from '../config';
import {
  MAX_SAMPLES,
  MAX_STEPS,
  NEWEST_RULES,
  type CustomTool,
  type Guidance,
  type Limits,
  type SolveProfile,
} from '../contract/profile';
import type { RecordProfileInput } from '../contract/payloads';
import { separateQueues } from '../contract/queues';
import { createFailure } from '../failures';
import { approvalOf, unknownRule } from '../loop/approval-config';
import { nameOfModel } from '../models/model-identity';
import { longestRun } from '../sandbox/places';
import { chairsOf } from '../trajectory/modules';
import { BUILT_IN_TOOLS } from '../trajectory/step';
import type { ActivityContext } from './activity-context';
import { toolActivities } from './tool-activities';

/**
 * With queues apart, question and history of up to this many characters travel with each call; longer ones are pulled by query. With a
 * shared queue they are in the worker's memory already.
 */
const INLINE_CHARS = 1500;
/** Most questions are one activity then. */
const FILE_JOURNAL_STEPS = 20;

/** Milliseconds that listing MCP servers may take beyond their own limits. */
const LISTING_SLACK_MS = 30_000;

/**
 * The profile, with `searchAttributes` as configured.
 *
 * @throws InputInvalid for a limit, tool or rule that the solution asks for and that cannot be
 */
export function profileOf(
  { config, prompts, tools }: ActivityContext,
  queues: 'shared' | 'separate',
  { limits, stepsPerActivity, builtInTools, approval, samples, others = {} }: RecordProfileInput,
): SolveProfile {
  mustBeKnown(config, others);
  const places = queues === 'shared' ? {} : separateQueues(config.queues.prefix);
  const own = new Set(Object.keys(toolActivities(tools)));
  /** Tools that are defined in TypeScript are served by the workers of role `tool`. */
  const atHome = (tool: CustomTool): CustomTool =>
    places.tool && own.has(tool.activity) ? { taskQueue: places.tool, ...tool } : tool;
  return {
    version: 1,
    models: Object.fromEntries(
      chairsOf(config).map((module) => [module, nameOfModel(modelOf(config, module))]),
    ) as SolveProfile['models'],
    prompts: { style: prompts.style, hashes: prompts.hashes },
    queues: places,
    tools: config.tools.map(({ model: _, ...tool }) => atHome(tool)),
    ...(Object.keys(config.mcp).length > 0 ? { mcp: Object.keys(config.mcp) } : {}),
    ...offOf(config, builtInTools ?? config.builtInTools),
    ...(prompts.guided ? { guidance: guidanceOf(config) } : {}),
    ...samplesOf(samples ?? config.samples),
    ...asked(config, approval ?? undefined),
    language: config.sandbox.language,
    outputStyle: config.sandbox.outputStyle,
    limits: mergeLimits(config, limits),
    timeouts: {
      model: config.timeouts.modelMs,
      execute: longestRun(config.sandbox),
      search: config.timeouts.searchMs,
      heartbeat: config.timeouts.heartbeatMs,
      ...listingOf(config),
    },
    retry: config.retry,
    // Beside its workflow an activity knows the solution already: nothing need travel, or be stored with each call.
    inlineChars: queues === 'shared' ? 0 : INLINE_CHARS,
    stepsPerActivity: queues === 'shared' ? stepsOf(config, stepsPerActivity) : 0,
    ...(config.journal === 'file' ? { journal: 'file' as const } : {}),
    searchAttributes: config.searchAttributes,
  };
}

/** Ignored, a misspelled limit would let a solution run without it. @throws InputInvalid */
function mustBeKnown({ limits }: HuskyConfig, others: object): void {
  const [other] = Object.entries(others).flatMap(([name, value]) => (value === null ? [] : [name]));
  if (other === undefined) return;
  const name = other.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const place = name in limits ? `; write {"limits": {"${name}": ...}}` : '';
  throw createFailure(
    'InputInvalid',
    `${other} is no field of the input${place}. It may hold question (a batch: questions), limits, builtInTools, stepsPerActivity, approval, samples, tokens.`,
  );
}

function guidanceOf({ guidance: { experts: _, ...guidance } }: HuskyConfig): Guidance {
  return { ...guidance, checks: true, rules: NEWEST_RULES };
}

/** With `journal: file`, what evaluations and files of questions ask for is the least; 0 stays an activity a call. */
function stepsOf({ journal, stepsPerActivity: configured }: HuskyConfig, wanted: number | undefined): number {
  if (wanted !== undefined && wanted !== null && !(Number.isInteger(wanted) && wanted >= 0))
    throw createFailure(
      'InputInvalid',
      `stepsPerActivity is ${JSON.stringify(wanted)}; it must be a whole number, 0 or more.`,
    );
  if (journal === 'server' || wanted === 0) return wanted ?? configured;
  return Math.max(wanted ?? 0, configured || FILE_JOURNAL_STEPS);
}

/**
 * Absent where all are offered, as in solutions that began before tools could be switched off. Who asks may not switch on what the
 * configuration leaves out.
 */
function offOf({ builtInTools: offered }: HuskyConfig, on: readonly string[]): Pick<SolveProfile, 'off'> {
  mustBeNames('builtInTools', on);
  const unknown = on.find((name) => !(BUILT_IN_TOOLS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw createFailure(
      'InputInvalid',
      `No built-in tool is called ${unknown}; there are ${BUILT_IN_TOOLS.join(', ')}.`,
    );
  const excluded = on.find((name) => !(offered as readonly string[]).includes(name));
  if (excluded !== undefined)
    throw createFailure(
      'InputInvalid',
      `The configuration of the workers does not offer ${excluded}; a solution may choose among ${offered.join(', ')}.`,
    );
  const off = BUILT_IN_TOOLS.filter((tool) => !on.includes(tool));
  return off.length > 0 ? { off } : {};
}

/** Absent for the only one, as in solutions that began before there could be several. */
function samplesOf(samples: number): Pick<SolveProfile, 'samples'> {
  if (!Number.isInteger(samples) || samples < 1 || samples > MAX_SAMPLES)
    throw createFailure('InputInvalid', `samples is ${samples}; 1 to ${MAX_SAMPLES} are possible.`);
  return samples > 1 ? { samples } : {};
}

/** Which steps wait for a person; a solution may add to what the configuration says, and take nothing away. */
function asked({ approval, tools }: HuskyConfig, more: readonly string[] = []): Pick<SolveProfile, 'approval'> {
  mustBeNames('approval', more);
  const unknown = unknownRule(more, tools);
  if (unknown !== undefined) throw createFailure('InputInvalid', `approval: ${unknown}.`);
  const recorded = approvalOf(approval, more);
  return recorded ? { approval: recorded } : {};
}

function mergeLimits(config: HuskyConfig, overrides: Partial<Limits> | null): Limits {
  const { maxQuestionChars: _, ...configured } = config.limits;
  const given: Partial<HuskyConfig['limits']> = overrides ?? {};
  const unknown = Object.keys(given).find((name) => !(name in config.limits));
  if (typeof given !== 'object' || unknown !== undefined)
    throw createFailure(
      'InputInvalid',
      `limits is ${JSON.stringify(given)}; it may hold ${Object.keys(configured).join(', ')}.`,
    );
  const { maxQuestionChars: __, ...wanted } = given;
  const limits = { ...configured, ...wanted };
  if (config.sandbox.outputStyle === 'husky-v1' && wanted.maxRepairs === undefined) limits.maxRepairs = 0;
  if (limits.maxSteps > MAX_STEPS)
    throw createFailure(
      'InputInvalid',
      `limits.maxSteps is ${limits.maxSteps}; at most ${MAX_STEPS} steps are possible.`,
    );
  for (const [name, value] of Object.entries(limits)) {
    const least = name === 'maxSteps' ? 1 : 0;
    const isKind = name === 'money' ? Number.isFinite : Number.isInteger;
    if (!isKind(value) || value < least)
      throw createFailure(
        'InputInvalid',
        `limits.${name} is ${JSON.stringify(value)}; it must be a ${name === 'money' ? '' : 'whole '}number, ${least === 1 ? 'at least 1' : '0 or more'}.`,
      );
  }
  return limits;
}

/** @throws InputInvalid when it is no list of texts: not every caller is compiled against our types */
function mustBeNames(field: string, value: unknown): void {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return;
  throw createFailure('InputInvalid', `${field} is ${JSON.stringify(value)}; it must be a list of names.`);
}

/** All servers are asked at the same time, and may take their time twice: to start, and to list their tools. */
function listingOf({ mcp }: HuskyConfig): Pick<SolveProfile['timeouts'], 'listing'> {
  const longest = Math.max(0, ...Object.values(mcp).map(({ connectTimeoutMs }) => connectTimeoutMs));
  return longest === 0 ? {} : { listing: 2 * longest + LISTING_SLACK_MS };
}
