/** Runs as an evaluation would leave them: atlas questions with two searches and a program, some of them spoilt in a known way. */
import { atlasDocuments } from '../../src/atlas';
import type { Manifest, RunDirectory, Sample } from '../../src/formats/run';
import { seededRandom } from '../../src/scoring/statistics';
import { FALLBACK_STEP } from '../../src/trajectory/parse-action';
import { EMPTY_SEARCH_OUTPUT } from '../../src/trajectory/solution-history';
import type { Solution, Step } from '../../src/trajectory/step';

export type Fault =
  | 'scorer-undecided'
  | 'call-failed'
  | 'stopped-early'
  | 'unparsable-step'
  | 'empty-search'
  | 'wrong-query'
  | 'code-error'
  | 'wrong-tool'
  | 'arithmetic'
  | 'miscopied'
  | 'unexplained';

export const FAULTS: readonly Fault[] = [
  'empty-search',
  'wrong-query',
  'code-error',
  'arithmetic',
  'stopped-early',
  'unparsable-step',
  'wrong-tool',
  'miscopied',
  'scorer-undecided',
  'call-failed',
  'unexplained',
];

const AREAS = [...atlasDocuments()].flatMap(({ title, text }) => {
  const value = /area ([\d,]+) square miles/.exec(text)?.[1];
  return value ? [{ name: title.replace('area of ', ''), text, value, area: Number(value.replaceAll(',', '')) }] : [];
});
type Area = (typeof AREAS)[number];

const USAGE = { calls: 3, inputTokens: 410, outputTokens: 38 };
const SEARCH_MODELS = { action: 'tiny-action', query: 'tiny-query', 'search-rewrite': 'tiny-base' };
const CODE_MODELS = { action: 'tiny-action', code: 'tiny-code', 'code-rewrite': 'tiny-base' };

function searchStep(index: number, { name, text, value }: Area, durationMs: number): Step {
  return {
    index,
    tool: 'search',
    step: `Find the area of ${name}.`,
    query: `area of ${name} in square miles`,
    observation: text,
    output: `The area of ${name} is ${value} square miles.`,
    model: SEARCH_MODELS,
    usage: USAGE,
    durationMs,
    attempts: 1,
  };
}

/** A right solution of "how much larger", then one thing changed. */
export function makeSample(index: number, fault?: Fault, { task = 'atlas-qa', sample = 0 } = {}): Sample {
  const random = seededRandom(index * 7919 + 13);
  const pick = () => AREAS[Math.floor(random() * AREAS.length)] as Area;
  const one = pick();
  const other = pick();
  const time = () => Math.round(80 + 400 * random() ** 3);
  const question = `By how many square miles does the area of ${one.name} exceed that of ${other.name}?`;
  const gold = String(one.area - other.area);
  const program = `console.log(${one.area} - ${other.area})`;
  const steps: Step[] = [
    searchStep(0, one, time()),
    searchStep(1, other, time()),
    {
      index: 2,
      tool: 'code',
      step: `Compute the area of ${one.name} minus the area of ${other.name}.`,
      code: program,
      observation: gold,
      output: `The result is ${gold}.`,
      model: CODE_MODELS,
      usage: USAGE,
      durationMs: time(),
      attempts: 1,
    },
  ];
  const solution: Solution = {
    question,
    answer: gold,
    stopReason: 'finished',
    partial: false,
    steps,
    usage: { calls: 10, inputTokens: 1390, outputTokens: 121 },
    models: {
      action: 'tiny-action',
      code: 'tiny-code',
      math: 'tiny-math',
      query: 'tiny-query',
      commonsense: 'tiny-base',
    },
    prompts: { style: 'compact', hashes: {} },
    workflowId: `eval-atlas-${index}`,
    runId: 'run',
  };
  const made: Sample = {
    key: `${task}:${index}:${sample}`,
    task,
    index,
    sample,
    question,
    gold,
    prediction: gold,
    verdict: { correct: true, scores: { acc: 1 }, reason: 'equal as numbers' },
    solution,
    usage: solution.usage,
    money: 0,
    startedAt: '2026-11-23T05:00:00.000Z',
    durationMs: steps.reduce((sum, { durationMs }) => sum + durationMs, 60),
  };
  if (fault) spoil(made, solution, fault);
  return made;
}

function spoil(sample: Sample, solution: Solution, fault: Fault): void {
  const [first, second, third] = solution.steps as [Step, Step, Step];
  sample.prediction = '4711';
  sample.verdict = { correct: false, scores: { acc: 0 }, reason: `4711 is not ${String(sample.gold)}` };
  solution.answer = '4711';
  const spoilers: Record<Fault, () => void> = {
    'scorer-undecided': () => (sample.verdict = { ...sample.verdict, undecided: true, reason: 'ended after 1 s' }),
    'call-failed': () => {
      delete sample.solution;
      sample.prediction = null;
      sample.failure = { type: 'ModelUnavailable', message: 'tiny-action gave no answer within 600 s.' };
    },
    'stopped-early': () => Object.assign(solution, { stopReason: 'max-steps', partial: true }),
    'unparsable-step': () =>
      Object.assign(second, {
        tool: 'commonsense',
        step: FALLBACK_STEP,
        output: 'It is large.',
        query: undefined,
        observation: undefined,
        failure: { kind: 'unparsable-action', message: 'the action generator wrote no [tool] step' },
      }),
    'empty-search': () =>
      Object.assign(second, {
        observation: undefined,
        output: EMPTY_SEARCH_OUTPUT,
        failure: { kind: 'search-empty', message: 'nothing was found' },
      }),
    'wrong-query': () => Object.assign(first, { query: 'area of Zembla in square miles' }),
    'code-error': () =>
      Object.assign(third, {
        observation: 'ReferenceError: texas is not defined',
        output: 'The program failed.',
        failure: { kind: 'program-failed', message: 'ReferenceError: texas is not defined' },
        error: 'Uncaught exception\nReferenceError: texas is not defined',
        attempts: 3,
      }),
    'wrong-tool': () =>
      Object.assign(first, {
        tool: 'commonsense',
        output: 'I recall that it is 987,654 square miles.',
        query: undefined,
        observation: undefined,
      }),
    arithmetic: () =>
      Object.assign(third, { tool: 'math', code: undefined, observation: undefined, output: '900 - 100 = 700.' }),
    miscopied: () => Object.assign(third, { output: 'The result is 98765432.' }),
    unexplained: () => undefined,
  };
  spoilers[fault]();
}

export function makeRun(id: string, samples: Sample[], extra: Partial<Manifest> = {}): RunDirectory {
  const tasks = [...new Set(samples.map(({ task }) => task))];
  return {
    path: `runs/${id}`,
    manifest: {
      version: 1,
      id,
      createdAt: '2026-11-23T04:59:00.000Z',
      software: '0.1.0',
      system: 'husky',
      tasks: tasks.map((name) => ({ name, metric: 'answer', sha256: 'f'.repeat(64), questions: samples.length })),
      settings: { seed: 0 },
      models: {
        action: 'tiny-action',
        code: 'tiny-code',
        math: 'tiny-math',
        query: 'tiny-query',
        commonsense: 'tiny-base',
      },
      prompts: { style: 'compact', hashes: {} },
      settingsHash: 'a1b2c3d4e5f60718293a',
      ...extra,
    },
    samples,
  };
}

/** @param wrongShare of the questions, spread over the faults by the seed */
export function makeSamples(
  count: number,
  wrongShare: number,
  seed = 1,
  tasks: readonly string[] = ['atlas-qa'],
): Sample[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const weight = random() ** 1.6;
    const fault = random() < wrongShare ? FAULTS[Math.floor(weight * FAULTS.length)] : undefined;
    return makeSample(index, fault, { task: tasks[index % tasks.length] });
  });
}
