/**
 * Explains wrong answers from the record, by rules that each point at one step and say what they found. A wrong answer can fall under
 * several rules, or under none.
 */
import type { Solution, Step } from '../trajectory/step';
import { falseEquation } from '../trajectory/equations';
import type { Sample } from '../formats/run';
import { contentNames, numbersIn, saysNumber } from './words';

export interface FailureFinding {
  rule: string;
  /** Position of the step, if the rule points at one. */
  step?: number;
  /** What was found, in a few words. */
  evidence: string;
}

interface FailureRule {
  id: string;
  title: string;
  /** One sentence for the report. */
  meaning: string;
  find(sample: Sample): Omit<FailureFinding, 'rule'> | undefined;
}

type StepFinder = (step: Step, before: readonly Step[], solution: Solution) => string | undefined;

/** A rule about the first step that it applies to. */
const atStep =
  (see: StepFinder): FailureRule['find'] =>
  ({ solution }) => {
    for (const [index, step] of (solution?.steps ?? []).entries()) {
      const evidence = solution && see(step, solution.steps.slice(0, index), solution);
      if (evidence !== undefined) return { step: index, evidence };
    }
    return undefined;
  };

const LOOKS_UP = /^(find|search|look up|retrieve|identify|determine (who|when|where)|get the)\b/i;
const COMPUTES = /^(compute|calculate|multiply|divide|subtract|add up|add the|sum|average)\b/i;

/** In the report's order: first the end of the solution, then the steps. */
export const FAILURE_RULES: readonly FailureRule[] = [
  {
    id: 'scorer-undecided',
    title: 'Scorer undecided',
    meaning: 'The comparison with the gold answer was ended by its time or memory bound; counted as wrong.',
    find: ({ verdict }) => (verdict.undecided ? { evidence: verdict.reason } : undefined),
  },
  {
    id: 'call-failed',
    title: 'Call failed',
    meaning: 'A model, a search or the program under evaluation failed for good, so that there is no answer.',
    find: ({ failure }) => (failure ? { evidence: `${failure.type}: ${failure.message}` } : undefined),
  },
  {
    id: 'stopped-early',
    title: 'Stopped early',
    meaning: 'A budget was spent before the action generator finished; the answer is the best result so far.',
    find: ({ solution }) =>
      solution && solution.stopReason !== 'finished'
        ? { evidence: `${solution.stopReason} after ${solution.steps.length} steps` }
        : undefined,
  },
  {
    id: 'unparsable-step',
    title: 'Unparsable step',
    meaning:
      'The action generator wrote something that is not of the form [tool] step, or named a tool that does not exist.',
    find: atStep(({ failure }) =>
      failure?.kind === 'unparsable-action' || failure?.kind === 'unknown-tool' ? failure.message : undefined,
    ),
  },
  {
    id: 'empty-search',
    title: 'Empty search',
    meaning: 'A search found nothing usable.',
    find: atStep(({ query, failure }) =>
      failure?.kind === 'search-empty' || failure?.kind === 'search-failed'
        ? `"${query ?? ''}": ${failure.message}`
        : undefined,
    ),
  },
  {
    id: 'wrong-query',
    title: 'Wrong query',
    meaning: 'The query leaves out what the step names, so that another thing was searched for.',
    find: atStep(({ tool, step, query }) => {
      if (tool !== 'search' || query === undefined) return undefined;
      const asked = new Set(contentNames(query).map((name) => name.toLowerCase()));
      const words = query.toLowerCase();
      const missing = contentNames(step).filter(
        (name) => !asked.has(name.toLowerCase()) && !words.includes(name.toLowerCase()),
      );
      return missing.length > 0 ? `"${query}" lacks ${missing.join(', ')}` : undefined;
    }),
  },
  {
    id: 'code-error',
    title: 'Code error',
    meaning: 'A program failed, and its repairs with it.',
    find: atStep(({ failure }) => (failure?.kind === 'program-failed' ? failure.message : undefined)),
  },
  {
    id: 'wrong-tool',
    title: 'Wrong tool',
    meaning: 'A fact was asked of a reasoner, or a computation of the search engine.',
    find: atStep(({ tool, step, output }, before, { question }) => {
      if (tool === 'search' && COMPUTES.test(step)) return `[search] ${step}`;
      if (tool !== 'commonsense' && tool !== 'math') return undefined;
      if (LOOKS_UP.test(step)) return `[${tool}] ${step}`;
      if (tool === 'math') return undefined;
      const sources = [question, step, ...before.flatMap((one) => [one.output, one.observation ?? ''])].join(' ');
      const invented = numbersIn(output).find((number) => Math.abs(number) >= 1000 && !saysNumber(sources, number));
      return invented === undefined ? undefined : `[commonsense] gives ${invented}, which no step found`;
    }),
  },
  {
    id: 'arithmetic',
    title: 'Arithmetic',
    meaning: 'An equation that a reasoner wrote down does not hold.',
    find: (sample) => {
      if (sample.text !== undefined) {
        const equation = falseEquation(sample.text);
        return equation === undefined ? undefined : { evidence: equation };
      }
      return atStep(({ tool, output }) =>
        tool === 'math' || tool === 'commonsense' ? falseEquation(output) : undefined,
      )(sample);
    },
  },
  {
    id: 'miscopied',
    title: 'Miscopied',
    meaning: 'The number that a program printed or a search found is not the one that the step hands on.',
    find: atStep(({ tool, observation, output, failure }) => {
      if (observation === undefined || failure !== undefined || (tool !== 'code' && tool !== 'search'))
        return undefined;
      const found = numbersIn(observation);
      const stated = numbersIn(output);
      if (stated.length === 0 || found.length === 0) return undefined;
      const wrong = stated.find((number) => Math.abs(number) >= 10 && !found.some((one) => isClose(one, number)));
      return wrong !== undefined && !stated.some((number) => found.some((one) => isClose(one, number)))
        ? `${wrong}, where the result says ${found.slice(0, 3).join(', ')}`
        : undefined;
    }),
  },
];

/** The report's name for wrong answers that no rule explains. */
export const UNEXPLAINED = 'unexplained';

/** Empty for a right answer. */
export function explainFailure(sample: Sample): FailureFinding[] {
  if (sample.verdict.correct) return [];
  return FAILURE_RULES.flatMap(({ id, find }) => {
    const finding = find(sample);
    return finding ? [{ rule: id, ...finding }] : [];
  });
}

const isClose = (a: number, b: number) => Math.abs(a - b) <= Math.max(0.5, Math.abs(a) * 0.005);
