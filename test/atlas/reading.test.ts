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
/** Worded by somebody who had not seen the reading; the second set was never looked at while the reading was mended. */
const [asked, unseen] = [set('asked.jsonl'), set('unseen.jsonl')];

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
  ['How high is the CN Tower in Toronto?', 'What is the height of the CN Tower?'],
  ['hwo many people live in nebraska', 'What is the population of Nebraska?'],
  [
    'How many times as tall as the Statue of Liberty is One World Trade Center, to one decimal place?',
    'How many times taller is One World Trade Center than the Statue of Liberty, to one decimal place?',
  ],
  [
    'How many times does the population of Vermont fit into that of Florida, to one decimal place?',
    'How many times as many people live in Florida as in Vermont, to one decimal place?',
  ],
  [
    "Jupiter's diameter is how many times that of Mars? One decimal place please.",
    'What is the ratio of the diameter of Jupiter to the diameter of Mars, to one decimal place?',
  ],
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

test.each([
  'Of Oregon, Utah and Nevada, which state is the biggest by area?',
  'Which capital has more inhabitants, that of Ohio or that of Texas?',
  'How many more people live in the capital of Arizona than in the capital of Utah?',
])('no expert has learnt "%s", which is told', (question) => {
  expect(readQuestion(question)).toMatchObject({ isOutside: true });
});

describe("an answer to the generator's neighbouring question becomes one to what was asked", () => {
  const prompts = readingPrompts(compactPrompts);
  test.each([
    ['Which has fewer people: Vermont or Wyoming?', 'Vermont', 'Wyoming'],
    ['Who died first: Karl Marx or Charles Darwin?', '-1', 'Charles Darwin'],
    ['Who died later, Karl Marx or Charles Darwin?', '-1', 'Karl Marx'],
    ['Did Marie Curie die before Albert Einstein?', '21', 'yes'],
    ['What was invented first, the telephone or the phonograph?', '1', 'telephone'],
    ['Which became a state first, Oregon or California?', '0', 'both in the same year'],
    ['How many people per square kilometer live in Japan? Round to the nearest whole number.', '334.6', '335'],
  ])('%s', (question, given, answer) => {
    const history = [{ step: 'Compute it.', output: `The result is ${given}.` }];
    expect(prompts.readOutput!('action', `[finish] The answer is ${given}.`, { question, history })).toBe(
      `[finish] The answer is ${answer}.`,
    );
  });
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
  for (const { check, answer, decimals } of [...reworded, ...asked, ...unseen]) {
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
    expect(query('Gateway Arch of the Gateway Arch')).toBe('height of the Gateway Arch');
  });

  test("a value that was copied wrongly is the search result's own", () => {
    const rewritten = prompts.readOutput!('search-rewrite', 'The population of Germany is 83,942.', {
      question: '',
      history: [],
      step: 'Find the population of Germany.',
      observation: 'Germany (country): population 83,783,942.',
    });
    expect(rewritten).toBe('The population of Germany is 83,783,942.');
  });

  test('a name that was copied wrongly is the one of the last step', () => {
    const question = 'Who invented the stethoscope?';
    const before = [{ step: 'x', output: 'The inventor of the stethoscope is Rene Laennec.' }];
    expect(read('[finish] The answer is Rene Laennecope.', { question, history: before })).toBe(
      '[finish] The answer is Rene Laennec.',
    );
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
