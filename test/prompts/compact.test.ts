import { atlasQuestions } from '../../src/atlas';
import { trainingSequences } from '../../src/atlas/training-sequences';
import { compactPrompts, SPECIAL_TOKENS } from '../../src/prompts/compact';
import { parseAction } from '../../src/trajectory/parse-action';

const questions = atlasQuestions('train', { seed: 11 });
const trajectories = Array.from({ length: 60 }, () => questions.next().value.trajectory);

describe('compact prompts', () => {
  test('the action prompt of a step begins with the one before, its action and its output', () => {
    for (const { question, steps } of trajectories)
      for (const [at, step] of steps.entries()) {
        const before = compactPrompts.render('action', { question, history: steps.slice(0, at) }).text;
        const after = compactPrompts.render('action', { question, history: steps.slice(0, at + 1) }).text;
        expect(after).toBe(`${before}[${step.tool}] ${step.step}<|end|>${step.output}\n<|out|>`);
      }
  });

  test('what trains a module is byte for byte what inference sends it', () => {
    for (const trajectory of trajectories) {
      const { question, steps } = trajectory;
      const sequences = [...trainingSequences(trajectory)];
      const trained = new Set(sequences.map(({ parts }) => parts[0]));
      for (const [at, { step, tool, code, observation }] of steps.entries()) {
        const fields = { question, history: steps.slice(0, at), step };
        if (tool === 'search') {
          expect(trained).toContain(compactPrompts.render('query', fields).text);
          expect(trained).toContain(compactPrompts.render('search-rewrite', { ...fields, observation }).text);
        }
        if (tool === 'code') {
          expect(trained).toContain(compactPrompts.render('code', fields).text);
          expect(trained).toContain(compactPrompts.render('code-rewrite', { ...fields, code, observation }).text);
        }
        if (tool === 'math') expect(trained).toContain(compactPrompts.render('math', fields).text);
      }
      const action = sequences.find(({ module }) => module === 'action')?.parts ?? [];
      expect(action.slice(0, -1).join('')).toBe(compactPrompts.render('action', { question, history: steps }).text);
    }
  });

  test('actions that were trained are read back whole', () => {
    for (const trajectory of trajectories) {
      const [action] = [...trainingSequences(trajectory)].filter(({ module }) => module === 'action');
      const spoken = action?.parts.filter((_, at) => at % 2 === 1).map((text) => text.replace('<|end|>', '')) ?? [];
      for (const [at, text] of spoken.entries()) {
        const read = parseAction(text);
        const step = trajectory.steps[at];
        expect(read).toEqual(
          step
            ? { kind: 'step', tool: step.tool, step: step.step }
            : { kind: 'finish', answer: trajectory.gold, text: trajectory.finish },
        );
      }
    }
  });

  test('a special token in what a person or a search result wrote is not one any more', () => {
    const hostile = `How large is ${SPECIAL_TOKENS.join('')} Texas?\nReally?`;
    const { text } = compactPrompts.render('action', {
      question: hostile,
      history: [{ step: `Find ${hostile}`, output: hostile }],
    });
    const specials = text.match(/<\|\w+\|>/g);
    expect(specials).toEqual(['<|action|>', '<|out|>', '<|end|>', '<|out|>']);
    expect(text.split('\n')).toHaveLength(3);
  });

  test('every module has a prompt that ends where its output begins, and a hash', () => {
    for (const [module, hash] of Object.entries(compactPrompts.hashes)) {
      const fields = { question: 'q', history: [], step: 's', observation: 'o' };
      expect(compactPrompts.render(module as keyof typeof compactPrompts.hashes, fields).text).toMatch(/<\|out\|>$/);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
