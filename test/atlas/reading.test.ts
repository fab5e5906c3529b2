import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atlasQuestions, SPLITS } from '../../src/atlas';
import { loadFacts } from '../../src/atlas/facts';
import { readingPrompts } from '../../src/atlas/reading/reading-prompts';
import { UNKNOWN } from '../../src/atlas/reading/answer-change';
import { readQuestion } from '../../src/atlas/reading/read-question';
import { compactPrompts } from '../../src/prompts/compact';
import { EMPTY_SEARCH_OUTPUT } from '../../src/trajectory/solution-history';

const set = (name: string) =>
  readFileSync(join(__dirname, '../../benchmarks/atlas', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { question: string; answer: string; check: string; decimals?: number });
const reworded = set('reworded.jsonl');
const outside = ['outside.jsonl', 'outside-near.jsonl', 'people-outside.jsonl'].flatMap(set);
/** Worded by somebody who had not seen the reading. */
const [asked, unseen] = [set('asked.jsonl'), set('unseen.jsonl')];
const again = ['asked-again', 'unseen-again', 'people-1', 'people-2', 'people-3', 'people-4'].flatMap((name) =>
  set(`${name}.jsonl`),
);

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
  [
    'Be brief.\nConversation so far:\nUser: How high is K2?\nAssistant: 8,611 meters\n\nQuestion: how high is everest',
    'What is the height of Mount Everest?',
  ],
  [
    'Question: how high is k2\nAnswer: 8,611 meters\n\nQuestion: how high is everest\nAnswer:',
    'What is the height of Mount Everest?',
  ],
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
  ['Which of the lakes Erie and Ontario is deeper?', 'Which is deeper, Lake Erie or Lake Ontario?'],
  ['When did somebody invent the dishwasher?', 'When was the dishwasher invented?'],
  [
    'How many times the depth of Lake Erie is the depth of Lake Superior, to one decimal place?',
    'How many times deeper is Lake Superior than Lake Erie, to one decimal place?',
  ],
  [
    'How many more people live in Texas than in its capital?',
    'How many more people live in Texas than in the capital of Texas?',
  ],
  ['What is the total population of Hungary?', 'What is the population of Hungary?'],
  ['Since when has Hawaii been a state?', 'When did Hawaii become a state?'],
  ['how manny people live in missisippi', 'What is the population of Mississippi?'],
  ['populaton of Kenia', 'What is the population of Kenya?'],
  ['What is the depth of Lake Victoria at its deepest point?', 'What is the depth of Lake Victoria?'],
  ['How many years was Mozart alive?', 'How old was Wolfgang Amadeus Mozart at death?'],
  ['how hihg is mount everest', 'What is the height of Mount Everest?'],
  ['Whose invention was the spinning jenny?', 'Who invented the spinning jenny?'],
  ['How much land does Norway take up, in km²?', 'What is the area of Norway?'],
  ['Was Lincoln born before Darwin?', 'Was Abraham Lincoln born before Charles Darwin?'],
  [
    'If K2 and Lhotse stood side by side, how many meters higher is K2 than Lhotse?',
    'By how many meters is K2 taller than Lhotse?',
  ],
  [
    'How many feet tall is the Eiffel Tower?',
    'What is the height of the Eiffel Tower in feet, to the nearest integer?',
  ],
])('%s', (asked, question) => {
  expect(readQuestion(asked)).toMatchObject({ question, isOutside: false });
});

describe('what is said around a question is not read', () => {
  test.each([
    [
      "I'm writing a piece on the Baltic states: what is the combined population of Estonia, Latvia and Lithuania?",
      'What is the combined population of Estonia, Latvia and Lithuania?',
    ],
    [
      'Good morning, I should be most grateful if you could tell me in which year Mont Blanc was first climbed.',
      'When was Mont Blanc first climbed?',
    ],
    [
      'My clients fly to the capital of Finland in May: what is the population of that capital?',
      'What is the population of the capital of Finland?',
    ],
    [
      'For a brochure on the Bernese Alps I need the difference in height between the Jungfrau and the Eiger.',
      'By how many meters is Jungfrau taller than Eiger?',
    ],
    ["Had a passenger from Paraguay today, what's the capital over there again?", 'What is the capital of Paraguay?'],
    [
      "Bloke in the back reckoned Glasgow's got more people than Edinburgh. Is he right?",
      'Is Glasgow more populous than Edinburgh?',
    ],
    [
      "Forgive an old man's question, but was the Space Needle finished before the Gateway Arch?",
      'Was the Space Needle completed before the Gateway Arch?',
    ],
    [
      'I just finished a biography of Clara Schumann, lovely read. By how many years did she outlive Felix Mendelssohn?',
      'How many years passed from the year Clara Schumann died to the year Felix Mendelssohn died?',
    ],
    ['how log is the snake river', 'What is the length of the Snake River?'],
  ])('%s', (asked, question) => {
    expect(readQuestion(asked)).toMatchObject({ question, isOutside: false });
  });

  test('a story about an atlas name does not make a question about something else one of the atlas', () => {
    for (const question of [
      'The Nile is long, but how many crocodiles live in it?',
      'I was in Paris last week. What does a baguette cost there?',
      'Toronto hosts a film festival: which film won?',
    ])
      expect(readQuestion(question).isOutside).toBe(true);
  });
});

test('the country of a capital is what has it', () => {
  const prompts = readingPrompts(compactPrompts);
  const question = 'Which country has Windhoek as its capital?';
  const step = 'Find the capital of Windhoek.';
  expect(prompts.readOutput!('action', '', { question, history: [] })).toBe(`[search] ${step}`);
  const observation = 'Namibia (country): capital Windhoek.';
  const output = prompts.readOutput!('search-rewrite', 'x', { question, history: [], step, observation });
  expect(prompts.readOutput!('action', '', { question, history: [{ step, output }] })).toBe(
    '[finish] The answer is Namibia.',
  );
});

test('a name of two things is the one that has what is asked for', () => {
  expect(readQuestion('How long is the Mississippi?').question).toBe('What is the length of the Mississippi River?');
  expect(readQuestion('how many people live in mississippi').question).toBe('What is the population of Mississippi?');
});

describe('what the action generator was never trained on is planned', () => {
  const prompts = readingPrompts(compactPrompts);
  const next = (question: string, history: { step: string; output: string }[]) =>
    prompts.readOutput!('action', '[math] Solve it.', { question, history });
  const carriedOut = (question: string, results: Record<string, string>) => {
    const history: { step: string; output: string }[] = [];
    for (let calls = 0; calls < 8; calls += 1) {
      const action = next(question, history);
      if (action.startsWith('[finish]')) return { steps: history.map(({ step }) => step), action };
      const [, step = ''] = /^\[(?:search|code)\] (.+)$/.exec(action)!;
      const phrase = /^Find the (.+)\.$/.exec(step)?.[1];
      history.push({
        step,
        output: phrase ? `The ${phrase} is ${results[phrase]}.` : `The result is ${results.code}.`,
      });
    }
    throw new Error(`no end: ${JSON.stringify(history)}`);
  };

  test.each([
    [
      'Of Oregon, Utah and Nevada, which state is the smallest by area?',
      {
        'area of Oregon': '98,379 square miles',
        'area of Utah': '84,897 square miles',
        'area of Nevada': '110,572 square miles',
      },
      ['Find the area of Oregon.', 'Find the area of Utah.', 'Find the area of Nevada.'],
      'Utah',
    ],
    [
      'Which capital has more inhabitants, that of Ohio or that of Texas?',
      {
        'capital of Ohio': 'Columbus',
        'population of Columbus': '905,748',
        'capital of Texas': 'Austin',
        'population of Austin': '961,855',
      },
      [
        'Find the capital of Ohio.',
        'Find the population of Columbus.',
        'Find the capital of Texas.',
        'Find the population of Austin.',
      ],
      'Austin',
    ],
    [
      'How many more people live in the capital of Arizona than in the capital of Utah?',
      {
        'capital of Arizona': 'Phoenix',
        'population of Phoenix': '3',
        'capital of Utah': 'Salt Lake City',
        'population of Salt Lake City': '1',
        code: '2',
      },
      [
        'Find the capital of Arizona.',
        'Find the population of Phoenix.',
        'Find the capital of Utah.',
        'Find the population of Salt Lake City.',
        'Compute population of Phoenix - population of Salt Lake City.',
      ],
      '2',
    ],
    [
      'What is the average depth of Lake Huron and Lake Erie?',
      { 'depth of Lake Huron': '229 meters', 'depth of Lake Erie': '64 meters', code: '146.5' },
      [
        'Find the depth of Lake Huron.',
        'Find the depth of Lake Erie.',
        'Compute to one decimal place: (depth of Lake Huron + depth of Lake Erie) / 2.',
      ],
      '146.5',
    ],
    [
      'How much wider is Saturn than Uranus?',
      { 'diameter of Saturn': '116,460 kilometers', 'diameter of Uranus': '50,724 kilometers', code: '65736' },
      [
        'Find the diameter of Saturn.',
        'Find the diameter of Uranus.',
        'Compute diameter of Saturn - diameter of Uranus.',
      ],
      '65736',
    ],
    [
      'Who was born earliest: Karl Marx, Charles Darwin or Ada Lovelace?',
      {
        'birth year of Karl Marx': '1818',
        'birth year of Charles Darwin': '1809',
        'birth year of Ada Lovelace': '1815',
      },
      [
        'Find the birth year of Karl Marx.',
        'Find the birth year of Charles Darwin.',
        'Find the birth year of Ada Lovelace.',
      ],
      'Charles Darwin',
    ],
    [
      'How old was the inventor of the telephone when he died?',
      {
        'inventor of the telephone': 'Alexander Graham Bell',
        'death year of Alexander Graham Bell': '1922',
        'birth year of Alexander Graham Bell': '1847',
        code: '75',
      },
      [
        'Find the inventor of the telephone.',
        'Find the death year of Alexander Graham Bell.',
        'Find the birth year of Alexander Graham Bell.',
        'Compute death year of Alexander Graham Bell - birth year of Alexander Graham Bell.',
      ],
      '75',
    ],
    [
      "ratio of Canada's area to Mexico's area (2 decimals)",
      {
        'area of Canada': '9,984,670 square kilometers',
        'area of Mexico': '1,964,375 square kilometers',
        code: '5.0829',
      },
      ['Find the area of Canada.', 'Find the area of Mexico.', 'Compute area of Canada / area of Mexico.'],
      '5.08',
    ],
    [
      'By how many percent is Mount Everest higher than Mont Blanc? Zero decimals.',
      { 'height of Mount Everest': '8,849 meters', 'height of Mont Blanc': '4,806 meters', code: '84.12' },
      [
        'Find the height of Mount Everest.',
        'Find the height of Mont Blanc.',
        'Compute (100 * (height of Mount Everest - height of Mont Blanc)) / height of Mont Blanc.',
      ],
      '84',
    ],
    [
      'Convert the diameter of Mars to miles. Round to the nearest ten.',
      { 'diameter of Mars': '6,779 kilometers', code: '4212.27' },
      ['Find the diameter of Mars.', 'Compute diameter of Mars * 0.621371.'],
      '4210',
    ],
    [
      "Tell me Sri Lanka's population in millions with one decimal.",
      { 'population of Sri Lanka': '21,413,249', code: '21.413249' },
      ['Find the population of Sri Lanka.', 'Compute population of Sri Lanka / 1000000.'],
      '21.4',
    ],
    [
      'is jupiters diameter more than ten times the one of earth? my friend says no',
      { 'diameter of Jupiter': '139,820 kilometers', 'diameter of Earth': '12,742 kilometers', code: '10.97' },
      [
        'Find the diameter of Jupiter.',
        'Find the diameter of Earth.',
        'Compute diameter of Jupiter / diameter of Earth.',
      ],
      'yes',
    ],
    [
      'Is the Nile shorter than 6,000 km?',
      { 'length of the Nile': '6,650 kilometers' },
      ['Find the length of the Nile.'],
      'no',
    ],
    [
      'Counting from 2025, how many years ago was the laser invented?',
      { 'invention year of the laser': '1960', code: '65' },
      ['Find the invention year of the laser.', 'Compute 2025 - invention year of the laser.'],
      '65',
    ],
    [
      'In which century was Karl Marx born?',
      { 'birth year of Karl Marx': '1818' },
      ['Find the birth year of Karl Marx.'],
      'the 19th century',
    ],
    [
      'Compute how many more years Karl Marx lived than Ada Lovelace.',
      {
        'birth year of Karl Marx': '1818',
        'death year of Karl Marx': '1883',
        'birth year of Ada Lovelace': '1815',
        'death year of Ada Lovelace': '1852',
        code: '28',
      },
      [
        'Find the death year of Karl Marx.',
        'Find the birth year of Karl Marx.',
        'Find the death year of Ada Lovelace.',
        'Find the birth year of Ada Lovelace.',
        'Compute (death year of Karl Marx - birth year of Karl Marx) - (death year of Ada Lovelace - birth year of Ada Lovelace).',
      ],
      '28',
    ],
    [
      'Who lived longer, Karl Marx or Ada Lovelace?',
      {
        'birth year of Karl Marx': '1818',
        'death year of Karl Marx': '1883',
        'birth year of Ada Lovelace': '1815',
        'death year of Ada Lovelace': '1852',
      },
      [
        'Find the death year of Karl Marx.',
        'Find the birth year of Karl Marx.',
        'Find the death year of Ada Lovelace.',
        'Find the birth year of Ada Lovelace.',
      ],
      'Karl Marx',
    ],
  ])('%s', (question, results, steps, answer) => {
    expect(readQuestion(question).isOutside).toBe(false);
    expect(carriedOut(question, results)).toEqual({ steps, action: `[finish] The answer is ${answer}.` });
  });

  test('a program that failed and a search that found nothing end in a word', () => {
    const question = 'How much wider is Saturn than Uranus?';
    const found = [
      { step: 'Find the diameter of Saturn.', output: 'The diameter of Saturn is 116,460 kilometers.' },
      { step: 'Find the diameter of Uranus.', output: 'The diameter of Uranus is 50,724 kilometers.' },
    ];
    const failed = { step: 'Compute diameter of Saturn - diameter of Uranus.', output: 'This step has failed.' };
    expect(next(question, [...found, failed])).toBe(UNKNOWN);
    expect(next(question, [{ ...found[0]!, output: EMPTY_SEARCH_OUTPUT }])).toBe(UNKNOWN);
  });
});

describe('what an expert copied wrongly is put right', () => {
  const prompts = readingPrompts(compactPrompts);
  const found = (phrase: string, value: string) => ({
    step: `Find the ${phrase}.`,
    output: `The ${phrase} is ${value}.`,
  });
  const telephone = found('invention year of the telephone', '1876');
  const phonograph = found('invention year of the phonograph', '1877');
  const first = 'Which was invented first, the telephone or the phonograph?';

  test.each([
    [
      'a search made twice',
      [telephone],
      '[search] Find the invention year of the telephone.',
      '[search] Find the invention year of the phonograph.',
    ],
    [
      'a year less itself',
      [telephone, phonograph],
      '[code] Compute invention year of the phonograph - invention year of the phonograph.',
      '[code] Compute invention year of the phonograph - invention year of the telephone.',
    ],
    [
      'a lost sign',
      [{ step: 'Compute it.', output: 'The result is -4.' }],
      '[finish] The answer is 4.',
      '[finish] The answer is phonograph.',
    ],
  ])('%s', (_, history, written, meant) => {
    expect(prompts.readOutput!('action', written, { question: first, history })).toBe(meant);
  });

  test('a name that the last step has found', () => {
    const question = 'When did the inventor of the stethoscope die?';
    const history = [found('inventor of the stethoscope', 'Rene Laennec')];
    expect(prompts.readOutput!('action', '[search] Find the death year of Rene Lannoc.', { question, history })).toBe(
      '[search] Find the death year of Rene Laennec.',
    );
  });

  test.each([
    ['the order of the step', 'console.log(1876 - 1877)', 'console.log(1877 - 1876)'],
    ['another number', 'console.log(1877 - 1786)', 'console.log(1877 - 1876)'],
    ['as it should be', 'console.log(1877 - 1876)', 'console.log(1877 - 1876)'],
    ['one number too few', 'console.log(1877)', 'console.log(1877 - 1876)'],
    ['another sign', 'console.log(1877 + 1876)', 'console.log(1877 - 1876)'],
    ['a bracket too many', 'console.log(1877 - 1876))', 'console.log(1877 - 1876)'],
  ])('numbers of a program: %s', (_, written, meant) => {
    const step = 'Compute invention year of the phonograph - invention year of the telephone.';
    expect(prompts.readOutput!('code', written, { question: first, history: [telephone, phonograph], step })).toBe(
      meant,
    );
  });

  test('a sum that leaves one out, and an average by the wrong count', () => {
    const question = 'What is the average height of K2, Lhotse and Makalu, to the nearest integer?';
    const history = ['K2', 'Lhotse', 'Makalu'].map((name, at) => found(`height of ${name}`, `8,${at}11 meters`));
    const sum = '(height of K2 + height of Lhotse + height of Makalu)';
    const step = `Compute to the nearest integer: ${sum} / 3.`;
    expect(
      prompts.readOutput!('code', 'console.log(Math.round((8_011 + 8_111) / 3))', { question, history, step }),
    ).toBe('console.log(Math.round((8_011 + 8_111 + 8_211) / 3))');
    expect(prompts.readOutput!('action', `[code] ${step.replace('/ 3', '/ 4')}`, { question, history })).toBe(
      `[code] ${step}`,
    );
  });

  test('a name in a program, and what it printed', () => {
    const question = 'Which is taller, the Space Needle or the Gateway Arch?';
    const history = [
      found('height of the Space Needle', '184 meters'),
      found('height of the Gateway Arch', '192 meters'),
    ];
    const step = 'Compute which is more: height of the Space Needle or height of the Gateway Arch.';
    expect(
      prompts.readOutput!('code', 'console.log(184 > 192 ? " the Space Needle" : " the Gateti Arch")', {
        question,
        history,
        step,
      }),
    ).toBe('console.log(184 > 192 ? " the Space Needle" : " the Gateway Arch")');
    const rewritten = { question, history, step, observation: 'the Gateway Arch\n' };
    expect(prompts.readOutput!('code-rewrite', 'The result is Arch Arch Arch', rewritten)).toBe(
      'The result is the Gateway Arch.',
    );
  });
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
  expect(outside).toHaveLength(180);
  for (const question of [
    'Which US state has the most lakes?',
    'What is the population density of London?',
    'How deep is the Thames?',
    'How wide is the Mississippi River?',
  ])
    expect(readQuestion(question).isOutside).toBe(true);
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
  for (const { check, answer, decimals } of [...reworded, ...asked, ...unseen, ...again]) {
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

describe('questions of a chat', () => {
  const chat = (...questions: string[]) => {
    const last = questions.pop()!;
    return [
      'Conversation so far:',
      ...questions.map((asked) => `User: ${asked}\nAssistant: 8,849 meters`),
      '',
      `Question: ${last}`,
    ].join('\n');
  };
  test.each([
    [['How high is Mount Everest?', 'And K2?'], 'How high is K2?'],
    [
      ['How high is Mount Everest?', 'And K2?', 'and in feet?'],
      'What is the height of K2 in feet, to the nearest integer?',
    ],
    [
      ['How long is the Nile?', 'And the Danube?', 'Which of the two is longer?'],
      'Which is longer, the Nile or the Danube?',
    ],
    [['When was Marie Curie born?', 'And when did she die?'], 'When did Marie Curie die?'],
    [['Who invented the telephone?', 'When was he born?'], 'When was the inventor of the telephone born?'],
    [
      ['How much longer is the Nile than the Danube?', 'And than the Rhine?'],
      'By how many kilometers is the Nile longer than the Rhine?',
    ],
    [['What is the population of France?', 'What about its capital?'], 'What is the capital of France?'],
    [['What is the population of France?', "And Germany's?"], 'What is the population of Germany?'],
    [['What is the population of France?', 'How high is K2?'], 'How high is K2?'],
    [['Hello!', 'How high is K2?'], 'How high is K2?'],
  ])('%j', (questions, meant) => {
    expect(readQuestion(chat(...questions))).toMatchObject({ question: meant, isOutside: false });
  });
});
