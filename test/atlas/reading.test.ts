import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atlasQuestions, SPLITS } from '../../src/atlas';
import { loadFacts } from '../../src/atlas/facts';
import { readingPrompts, UNKNOWN } from '../../src/atlas/reading/reading-prompts';
import { readQuestion } from '../../src/atlas/reading/read-question';
import { compactPrompts } from '../../src/prompts/compact';
import { EMPTY_SEARCH_OUTPUT } from '../../src/trajectory/solution-history';

const set = (name: string) =>
  readFileSync(join(__dirname, '../../benchmarks/atlas', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { question: string; answer: string; check: string; decimals?: number });
const reworded = set('reworded.jsonl');
const outside = set('outside.jsonl');

test.each(SPLITS.filter((split) => split !== 'train'))('questions of split %s are asked as they stand', (split) => {
  const all = atlasQuestions(split, { seed: 9 });
  for (let at = 0; at < 120; at += 1) {
    const { question } = all.next().value.trajectory;
    expect(readQuestion(question)).toEqual({ question, isOutside: false });
  }
});

test.each([
  ['how big is texas in square miles?', 'What is the area of Texas?'],
  ['What is the poulation of Minesota?', 'What is the population of Minnesota?'],
  ["When was Mozart's birth?", 'When was Wolfgang Amadeus Mozart born?'],
  ['whats the elevation of everest', 'What is the height of Mount Everest?'],
  [
    'How many fewer people live in Boston than in Philadelphia?',
    'How many more people live in Philadelphia than in Boston?',
  ],
  ["What's the population of Nebraska's capital?", 'What is the population of the capital of Nebraska?'],
  ['Is Colorado smaller than Utah?', 'Is Utah larger than Colorado?'],
  [
    'How many feet tall is the Eiffel Tower?',
    'What is the height of the Eiffel Tower in feet, to the nearest integer?',
  ],
])('%s', (asked, question) => {
  expect(readQuestion(asked)).toMatchObject({ question, isOutside: false });
});

test('a name of two things is the one that has what is asked for', () => {
  expect(readQuestion('How long is the Mississippi?').question).toBe('What is the length of the Mississippi River?');
  expect(readQuestion('how many people live in mississippi').question).toBe('What is the population of Mississippi?');
});

test('questions outside the atlas are told apart', () => {
  const taken = outside.filter(({ question }) => !readQuestion(question).isOutside).map(({ question }) => question);
  expect(outside).toHaveLength(100);
  expect(taken).toEqual([]);
});

test('reworded questions are taken, and none is one of the generator', () => {
  const refused = reworded.filter(({ question }) => readQuestion(question).isOutside).map(({ question }) => question);
  expect(new Set(reworded.map(({ question }) => question)).size).toBe(100);
  expect(refused).toEqual([]);
});

test('their answers are those of the facts', () => {
  const values = new Map(
    loadFacts().map(({ kind, entity, attribute, value }) => [`${kind}|${entity}|${attribute}`, value]),
  );
  const fact = (...key: string[]) => values.get(key.join('|'));
  for (const { check, answer, decimals } of reworded) {
    // The formulas are this repository's own.
    const value = (new Function('f', `return ${check}`) as (f: typeof fact) => number | string)(fact);
    expect({ check, answer: decimals === undefined ? String(value) : Number(value).toFixed(decimals) }).toEqual({
      check,
      answer,
    });
  }
});

describe('what an action rests on', () => {
  const prompts = readingPrompts(compactPrompts);
  const history = [{ step: 'Find the area of Texas.', output: 'The area of Texas is 268,596 square miles.' }];
  const read = (text: string, more: object = {}) =>
    prompts.readOutput!('action', text, { question: 'How large is Texas?', history, ...more });

  test('what was asked for and found is taken', () => {
    expect(read('[search] Find the area of Texas.')).toBe('[search] Find the area of Texas.');
    expect(read('[finish] The answer is 268,596 square miles.')).toBe('[finish] The answer is 268,596 square miles.');
  });

  test.each([
    ['a name that nobody mentioned', '[search] Find the area of Utah.', {}],
    ['a number that nothing gave', '[finish] The answer is 84,897.', {}],
    [
      'a search that found nothing',
      '[finish] The answer is 268,596.',
      { history: [...history, { step: 'x', output: EMPTY_SEARCH_OUTPUT }] },
    ],
    ['a question outside the atlas', '[search] Find the area of Texas.', { question: 'What is the GDP of Texas?' }],
  ])('%s ends in "I don\'t know"', (_what, text, more) => {
    expect(read(text, more)).toBe(UNKNOWN);
  });

  test('a difference that may be asked in either order has no sign', () => {
    const question = 'What is the gap in height between K2 and Mount Everest?';
    expect(
      read('[finish] The answer is -238.', { question, history: [{ step: 'x', output: 'The result is -238.' }] }),
    ).toBe('[finish] The answer is 238.');
  });

  test('a query that lost the name of its step is the step', () => {
    const query = (text: string) =>
      prompts.readOutput!('query', text, { question: '', history: [], step: 'Find the height of the Gateway Arch.' });
    expect(query('height of the Gate of the Gate of the Gate')).toBe('height of the Gateway Arch');
    expect(query('height of the Gateway Arch')).toBe('height of the Gateway Arch');
  });

  test('a result about something else is none', () => {
    const rewrite = (observation: string) =>
      prompts.readOutput!('search-rewrite', 'The area of Wakanda is 5.', {
        question: '',
        history: [],
        step: 'Find the area of Wakanda.',
        observation,
      });
    expect(rewrite('Rwanda (country): area 26,338 square kilometers.')).toBe(EMPTY_SEARCH_OUTPUT);
    expect(rewrite('Wakanda (country): area 5.')).toBe('The area of Wakanda is 5.');
  });
});
