import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Model } from '../../src/models/model';
import { createSandbox } from '../../src/sandbox';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import type { QuestionMakingProgress, QuestionMakingSettings } from '../../src/contract/question-making';
import { LAB, startServer, withWorkers, type TestServer } from './harness';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'husky-questions-'));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const proposals = [
  { question: 'How many towers do Abo and Bex have together?', answer: '7', facts: [1, 2], code: 'console.log(3 + 4)' },
  {
    question: 'How many more bridges than towers does Cal have?',
    answer: '5',
    facts: [1, 3],
    code: 'console.log(9 - 4)',
  },
  {
    question: 'How many gates do all towns of the valley have?',
    answer: '12',
    facts: [1, 2],
    code: 'console.log(6 + 5)',
  },
  {
    question: 'How many towers do Abo and Bex have together, then?',
    answer: '7',
    facts: [1, 2],
    code: 'console.log(7)',
  },
  { question: 'How many wells does Abo have all in all?', answer: '2', facts: [1], code: 'console.log(2)' },
  { question: 'How many mills do Bex and Cal have together?', answer: '8', facts: [2, 3], code: 'console.log(5 + 3)' },
  {
    question: 'Which question names a fact that nobody has shown?',
    answer: '8',
    facts: [2, 99],
    code: 'console.log(8)',
  },
];

/** The solver is right about the towers, and gives another number for the mills. */
const solution = (question: string, answer: string): ScriptedSolution => ({
  question,
  steps: [{ tool: 'math', step: `Work out: ${question.slice(0, 30).trim()}`, output: `It is ${answer}.` }],
  answer,
});
const script = scriptSolutions([
  ...proposals.map(({ question, answer }) => solution(question, question.includes('mills') ? '80' : answer)),
]);

/** Of the calls that ask for questions. */
const seeds: (number | undefined)[] = [];

const model = (expert: string): Model => {
  const scripted = (script.parts.model as (expert: string) => Model)(expert);
  return {
    ...scripted,
    generate: async (request, options) => {
      if (!request.prompt.includes('You write questions')) return scripted.generate(request, options);
      seeds.push(request.seed);
      return {
        text: `Here they are:\n${proposals.map((proposal) => JSON.stringify(proposal)).join('\n')}\n{"question": "broken`,
        finishReason: 'stop',
        model: 'writer',
        usage: { calls: 1, inputTokens: 100, outputTokens: 200 },
      };
    },
  };
};

test('questions are kept when program and solutions agree, each rejection has a counted reason, and a second run asks for others', async () => {
  const corpus = join(folder, 'facts.jsonl');
  writeFileSync(
    corpus,
    ['Abo', 'Bex', 'Cal'].map((title) => JSON.stringify({ title, text: `${title} is a town.` })).join('\n'),
  );
  const excluded = join(folder, 'train.jsonl');
  const asked = 'How many more bridges than towers does Cal have?';
  writeFileSync(excluded, JSON.stringify({ index: 0, question: asked, answer: '5' }));
  const settings: QuestionMakingSettings = {
    corpus: [corpus],
    n: 5,
    out: join(folder, 'made'),
    solutions: 3,
    agree: 2,
    perCall: 5,
    documents: 3,
    maxCalls: 2,
    seed: 1,
    exclude: [excluded],
  };
  const sandbox = await createSandbox({ spares: 0 });
  const parts = { ...script.parts, model, sandbox };
  await withWorkers(server, { ...LAB, parts }, async (_husky, prefix) => {
    const make = () =>
      server.client.workflow.execute<(input: object) => Promise<QuestionMakingProgress>>('huskyMakeQuestions', {
        taskQueue: `${prefix}-husky-lab`,
        workflowId: 'make',
        args: [{ settings }],
      });
    const progress = await make();
    expect(progress).toMatchObject({ kept: 1, calls: 2 });
    expect(progress.rejections).toMatchObject({
      malformed: 2,
      'one fact only': 2,
      'a fact that was not shown': 2,
      'its program prints another answer': 2,
      'solutions disagree': 2,
    });
    expect(progress.rejections['asked before or excluded']).toBeGreaterThanOrEqual(4);
    expect(seeds).toEqual([1, 2]);
    expect(await make()).toMatchObject({ kept: 1, calls: 2 });
    expect(seeds).toEqual([1, 2, 3, 4]);
  });
  const lines = readFileSync(join(settings.out, 'questions.jsonl'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
    [
      {
        index: 0,
        question: proposals[0]?.question,
        answer: '7',
        facts: ['Abo is a town.', 'Bex is a town.'],
        code: 'console.log(3 + 4)',
      },
    ].map((line) => ({ ...line, facts: expect.any(Array) as string[] })),
  );
  expect(readFileSync(join(settings.out, 'README.md'), 'utf8')).toContain('at least 2 of 3 independent solutions');
});
