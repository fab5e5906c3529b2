/** One solution for each way a solution can go; their histories are stored and replayed against the code of today. */
import type { HuskyConfigInput } from '../../src/config';
import { createFailure } from '../../src/failures';
import type { SolutionHandle, StartOptions } from '../../src/client';
import type { CustomToolInput } from '../../src/contract/profile';
import { SEARCH_ATTRIBUTES } from '../../src/workflows';
import type { ContextParts } from '../../src/runtime/open-context';
import type { ScriptedSolution, ScriptOptions } from '../../src/testing';
import * as pairs from '../integration/paired-searches';
import * as samples from '../integration/scripted-samples';
import { counting, spiders } from '../integration/solutions';

export interface Scenario {
  name: string;
  solution: ScriptedSolution;
  /** Solved beside it in one workflow. */
  batch?: ScriptedSolution[];
  script?: ScriptOptions;
  /** Models and search in the place of the script's. */
  parts?: () => ContextParts;
  config?: Partial<HuskyConfigInput>;
  start?: StartOptions;
  /** Settings and typed search attributes of its server. */
  server?: [dynamicConfig: Record<string, string>, searchAttributes: Record<string, string>];
  /** Activities of a user's own, on a queue of their own. */
  desk?: { taskQueue: string; activities: Record<string, (input: CustomToolInput) => Promise<string>> };
  /** Done once this many calls have arrived. */
  interfere?: { afterCalls: number; act: (handle: SolutionHandle) => Promise<void> };
}

const hangAt = (text: string): ScriptOptions => ({ delayMs: ({ input }) => (input.includes(text) ? 600_000 : 0) });
const failing = {
  ...counting(1),
  steps: counting(1).steps.map((step) => ({ ...step, programError: 'Error: no such number' })),
};

const weather: ScriptedSolution = {
  question: 'How strong is the wind in Oslo, in metres per second?',
  steps: [{ tool: 'weather', step: 'Ask for the wind in Oslo.', output: 'The wind is 5 m/s.' }],
  answer: '5',
};
const desk = { taskQueue: 'weather-desk', activities: { askWeather: async () => 'The wind is 5 m/s.' } };
const refusingOnce = (): ScriptOptions => {
  let refused = 0;
  return {
    fail: ({ part }) =>
      part === 'math' && refused++ < 2
        ? createFailure('ModelOverloaded', 'Too many requests.', { nextRetryDelayMs: 50 })
        : undefined,
  };
};

/** Samples of one question with these answers. */
const voting = (answers: readonly string[], thoughts = 1): Pick<Scenario, 'solution' | 'parts' | 'start'> => ({
  solution: { question: samples.question, steps: [], answer: '' },
  parts: () => samples.scriptedSamples(answers, thoughts).parts,
  start: { samples: answers.length },
});

const ways: Scenario[] = [
  { name: 'finished', solution: spiders },
  { name: 'max-steps', solution: counting(4), start: { limits: { maxSteps: 3 } } },
  { name: 'token-budget', solution: counting(8), start: { limits: { maxTokens: 2500 } } },
  { name: 'deadline', solution: counting(8), script: hangAt('Ada said 2.'), start: { limits: { deadlineMs: 3000 } } },
  {
    name: 'finish-now',
    solution: counting(8),
    script: hangAt('Ada said 2.'),
    interfere: { afterCalls: 9, act: (handle) => handle.finishNow() },
  },
  {
    name: 'cancelled',
    solution: counting(8),
    script: hangAt('Ada said 2.'),
    interfere: { afterCalls: 9, act: (handle) => handle.cancel() },
  },
  {
    name: 'refused',
    solution: spiders,
    script: {
      fail: ({ part }) => (part === 'query' ? createFailure('ModelAuthentication', 'The key was refused.') : undefined),
    },
  },
  {
    name: 'empty-search',
    solution: {
      ...spiders,
      steps: spiders.steps.map((step) => ({ ...step, observation: step.tool === 'search' ? '' : step.observation })),
    },
  },
  { name: 'repairs', solution: failing },
  {
    name: 'context-length',
    solution: spiders,
    script: {
      fail: ({ part }) => (part === 'math' ? createFailure('ContextLengthExceeded', 'Too long.') : undefined),
    },
  },
  { name: 'retried', solution: spiders, script: refusingOnce() },
  {
    name: 'unknown-tool',
    solution: {
      ...spiders,
      steps: spiders.steps.map((step) => (step.tool === 'commonsense' ? { ...step, tool: 'match_info' } : step)),
    },
  },
  {
    name: 'continued',
    solution: counting(8),
    config: { searchAttributes: true },
    server: [
      { 'limit.historyCount.suggestContinueAsNew': '30' },
      { [SEARCH_ATTRIBUTES.stopReason]: 'Keyword', [SEARCH_ATTRIBUTES.steps]: 'Int' },
    ],
  },
  {
    name: 'custom-tool',
    solution: weather,
    config: {
      tools: [{ name: 'weather', description: 'tells the weather', activity: 'askWeather', taskQueue: desk.taskQueue }],
    },
    desk,
  },
  { name: 'samples-vote', ...voting(['21', '20', '21.0', '7']) },
  { name: 'samples-fail', ...voting(['fail', '21', '21']) },
  {
    name: 'samples-continued',
    ...voting(['21', '20', '21'], 6),
    server: [{ 'limit.historyCount.suggestContinueAsNew': '60' }, {}],
  },
  {
    name: 'together',
    solution: { question: pairs.question, steps: [], answer: '' },
    parts: () => pairs.pairedSearches().parts,
    config: { prompts: 'instruct', guidance: { parallel: 3 } },
  },
  { name: 'pulled', solution: counting(12), start: { limits: { maxSteps: 15 } } },
  { name: 'separate-queues', solution: spiders, config: { queues: { mode: 'separate' } } },
  {
    name: 'batch',
    solution: spiders,
    batch: [counting(3), counting(2, 'Bob')],
    script: {
      fail: ({ input }) =>
        input.includes('of Bob.') ? createFailure('ModelAuthentication', 'The key was refused.') : undefined,
    },
  },
];

/** Each way, with an activity a call and with several steps an activity. */
export const scenarios: Scenario[] = [
  ...ways,
  ...ways
    .filter(({ name }) => !['separate-queues', 'custom-tool', 'continued', 'samples-continued'].includes(name))
    .map((way) => ({
      ...way,
      name: `${way.name}-advance`,
      config: { ...way.config, stepsPerActivity: 8, timeouts: { heartbeatMs: 2000 } },
    })),
];
