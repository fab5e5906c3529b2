/**
 * Writes trajectories for the tiny trainer: texts that alternate between context and target, rendered by the prompts of inference. The
 * action generator's whole trajectory is one sequence.
 */
import { compactPrompts, END } from '../prompts/compact';
import type { ModuleName } from '../trajectory/modules';
import type { HistoryEntry } from '../trajectory/solution-history';
import type { Trajectory } from '../trajectory/trajectory';

export interface TrainingSequence {
  module: ModuleName | 'cot';
  /** Context and target in turn, beginning with context. */
  parts: string[];
}

export function* trainingSequences(trajectory: Trajectory): Iterable<TrainingSequence> {
  const { question, steps } = trajectory;
  const history: HistoryEntry[] = [];
  const action: string[] = [];
  let shown = 0;
  const act = (text: string) => {
    const prompt = compactPrompts.render('action', { question, history }).text;
    action.push(prompt.slice(shown), `${text}${END}`);
    shown = prompt.length + text.length + END.length;
  };
  for (const step of steps) {
    const fields = { question, history: [...history], step: step.step };
    const pair = (module: ModuleName, target: string, more = {}): TrainingSequence => ({
      module,
      parts: [compactPrompts.render(module, { ...fields, ...more }).text, `${target}${END}`],
    });
    act(`[${step.tool}] ${step.step}`);
    const { code, query, observation, output } = step;
    if (query !== undefined) yield pair('query', query);
    if (code !== undefined) yield pair('code', code);
    if (step.tool === 'search' && observation) yield pair('search-rewrite', output, { observation });
    if (step.tool === 'code' && observation) yield pair('code-rewrite', output, { observation });
    if (step.tool === 'math') yield pair('math', output);
    if (step.tool === 'commonsense') yield pair('commonsense', output);
    history.push({ step: step.step, output });
  }
  act(`[finish] ${trajectory.finish ?? `The answer is ${trajectory.answer}.`}`);
  yield { module: 'action', parts: action };
}

/** The same solution without tools: facts from memory, mental arithmetic. */
export function chainOfThought(trajectory: Trajectory): TrainingSequence {
  const thoughts = trajectory.steps.map(({ tool, code, observation, output }) =>
    tool === 'code' ? `${code?.slice('console.log('.length, -1)} = ${observation}.` : output,
  );
  const finish = trajectory.finish ?? `The answer is ${trajectory.answer}.`;
  return {
    module: 'cot',
    parts: [`<|cot|>${trajectory.question}<|out|>`, `${[...thoughts, finish].join(' ')}${END}`],
  };
}
