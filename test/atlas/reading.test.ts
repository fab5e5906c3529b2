import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atlasQuestions, SPLITS } from '../../src/atlas';
import { loadFacts } from '../../src/atlas/facts';
import { nameOf, valueText } from '../../src/atlas/kinds';
import { changeAnswer, UNKNOWN } from '../../src/atlas/reading/answer-change';
import { nextAction } from '../../src/atlas/reading/plans';
import { readQuestion } from '../../src/atlas/reading/read-question';
import { readingPrompts } from '../../src/atlas/reading/reading-prompts';
import { compactPrompts } from '../../src/prompts/compact';
import { EMPTY_SEARCH_OUTPUT } from '../../src/trajectory/solution-history';

const set = (name: string) =>
  readFileSync(join(__dirname, '../../benchmarks/atlas', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { question: string; answer: string; check: string });
const reworded = set('reworded.jsonl');
const outside = [
  'outside',
  'outside-near',
  'people-outside',
  'strangers-outside',
  'strangers-outside-2',
  'strangers-outside-3',
].flatMap((name) => set(`${name}.jsonl`));
/** Worded by somebody who had not seen the reading. */
const [asked, unseen] = [set('asked.jsonl'), set('unseen.jsonl')];
const again = ['asked-again', 'unseen-again', 'people-1', 'people-2', 'people-3', 'people-4'].flatMap((name) =>
  set(`${name}.jsonl`),
);

const strangers = Array.from({ length: 18 }, (_, at) => at + 1).flatMap((number) => set(`strangers-${number}.jsonl`));

const facts = new Map(
  loadFacts().flatMap(({ kind, entity, attribute, value, unit }) => {
    const output = (name: string) => `The ${attribute} of ${name} is ${valueText(kind, attribute, value, unit)}.`;
    const named = nameOf(kind, entity);
    const found: [string, string][] = [
      [`${attribute} of ${named}`, output(named)],
      [`${attribute} of ${entity}`, output(entity)],
    ];
    // By what is told of a thing, as the search finds it, too.
    return ['capital', 'inventor', 'atomic number'].includes(attribute)
      ? [...found, [`${attribute} of ${value}`, output(entity)] as [string, string]]
      : found;
  }),
);

/**
 * What the plan of a question comes to where each search finds its fact and each program computes what its step says: what the reading alone is
 * worth, without the experts. Undefined where the experts plan.
 */
function carriedOut(question: string): { answer: string; steps: string[] } | undefined {
  const { plan, change, isOutside } = readQuestion(question);
  if (isOutside) return { answer: "I don't know", steps: [] };
  if (!plan) return undefined;
  const history: { step: string; output: string }[] = [];
  for (let calls = 0; calls < 12; calls += 1) {
    const action = nextAction(plan, history);
    const [, tool, step = ''] = /^\[(\w+)\] (.+)$/.exec(action)!;
    if (tool === 'finish') {
      const told = change && action !== UNKNOWN ? changeAnswer(action, change) : action;
      const answer = told.replace(/^\[finish\] (?:The answer is )?/, '').replace(/\.$/, '');
      return { answer, steps: history.map((done) => done.step) };
    }
    const found = facts.get(step.slice(9, -1));
    if (tool === 'search' && found === undefined) return { answer: "I don't know", steps: [step] };
    history.push({
      step,
      output: found ?? computed(step, history),
    });
  }
  throw new Error(`no end: ${JSON.stringify(history)}`);
}

function computed(step: string, history: readonly { output: string }[]): string {
  const amounts = history.flatMap(({ output }) => {
    const [, phrase, value] = /^The (.+?) is (\d[\d,.]*\d|\d)\b/.exec(output) ?? [];
    return phrase === undefined || value === undefined ? [] : [[phrase, value] as const];
  });
  const formula = amounts
    .sort(([x], [y]) => y.length - x.length)
    .reduce((text, [phrase, value]) => text.replaceAll(phrase, value.replaceAll(',', '')), step.slice(8, -1));
  // The formulas are this repository's own.
  return `The result is ${(new Function(`return ${formula}`) as () => number)()}.`;
}

/** As a lenient reader compares: without separators and the atlas's units, a rounded number with what it was rounded from. */
function isSame(answer: string, gold: string): boolean {
  const bare = (text: string) =>
    text
      .replaceAll(',', '')
      .replace(/ (?:meters|(?:square )?kilometers|square miles)$/, '')
      .toLowerCase();
  const [x, y] = [bare(answer), bare(gold)];
  return x === y || Math.abs(Number(x) - Number(y)) <= Math.abs(Number(y)) * 1e-3;
}

test.each(SPLITS.filter((split) => split !== 'train'))('questions of split %s are asked as they stand', (split) => {
  const all = atlasQuestions(split, { seed: 9 });
  for (let at = 0; at < 120; at += 1) {
    const { question } = all.next().value.trajectory;
    expect(readQuestion(question)).toEqual({ question, isOutside: false });
  }
});

test.each([
  ['how big is texas in square miles?', '268,596 square miles'],
  ['What is the poulation of Minesota?', '5,706,494'],
  [
    'Be brief.\nConversation so far:\nUser: How high is K2?\nAssistant: 8,611 meters\n\nQuestion: how high is everest',
    '8,849 meters',
  ],
  ['Question: how high is k2\nAnswer: 8,611 meters\n\nQuestion: how high is everest\nAnswer:', '8,849 meters'],
  ["When was Mozart's birth?", '1756'],
  ['whats the elevation of everest', '8,849 meters'],
  ['How many fewer people live in Boston than in Philadelphia?', '928150'],
  ["What's the population of Nebraska's capital?", '291,082'],
  ['Is Colorado smaller than Utah?', 'no'],
  ['How high is the CN Tower in Toronto?', '553 meters'],
  ['hwo many people live in nebraska', '1,961,504'],
  ['How many times as tall as the Statue of Liberty is One World Trade Center, to one decimal place?', '5.8'],
  ['How many times does the population of Vermont fit into that of Florida, to one decimal place?', '33.5'],
  ["Jupiter's diameter is how many times that of Mars? One decimal place please.", '20.6'],
  ['Which of the lakes Erie and Ontario is deeper?', 'Lake Ontario'],
  ['When did somebody invent the dishwasher?', '1886'],
  ['How many times the depth of Lake Erie is the depth of Lake Superior, to one decimal place?', '6.3'],
  ['How many more people live in Texas than in its capital?', '28183650'],
  ['What is the total population of Hungary?', '9,660,351'],
  ['Since when has Hawaii been a state?', '1959'],
  ['how manny people live in missisippi', '2,961,279'],
  ['populaton of Kenia', '53,771,296'],
  ['What is the depth of Lake Victoria at its deepest point?', '81 meters'],
  ['How many years was Mozart alive?', '35'],
  ['how hihg is mount everest', '8,849 meters'],
  ['Whose invention was the spinning jenny?', 'James Hargreaves'],
  ['How much land does Norway take up, in km²?', '385,207 square kilometers'],
  ['Was Lincoln born before Darwin?', 'no'],
  ['If K2 and Lhotse stood side by side, how many meters higher is K2 than Lhotse?', '95'],
  ['How many feet tall is the Eiffel Tower?', '1083'],
  [
    "I'm writing a piece on the Baltic states: what is the combined population of Estonia, Latvia and Lithuania?",
    '5935022',
  ],
  ['Good morning, I should be most grateful if you could tell me in which year Mont Blanc was first climbed.', '1786'],
  ['For a brochure on the Bernese Alps I need the difference in height between the Jungfrau and the Eiger.', '191'],
  ["Had a passenger from Paraguay today, what's the capital over there again?", 'Asunción'],
  ["Bloke in the back reckoned Glasgow's got more people than Edinburgh. Is he right?", 'yes'],
  ["Forgive an old man's question, but was the Space Needle finished before the Gateway Arch?", 'yes'],
  [
    'I just finished a biography of Clara Schumann, lovely read. By how many years did she outlive Felix Mendelssohn?',
    '49',
  ],
  ['how log is the snake river', '1,735 kilometers'],
  ['Could Mozart have met Napoleon Bonaparte?', 'yes'],
  ['Were Isaac Newton and Galileo Galilei contemporaries?', 'no'],
  ['Suppose a quarter of the residents of Chicago left town. How many would remain?', '2059791'],
  ['On a scale model Mount Everest is 50 cm high. How high is K2 on it? Round to one decimal place.', '48.7'],
  ['How long is the Rhine in nautical miles? Round to the nearest ten.', '660'],
  ['Would the whole of Austria fit into Texas?', 'yes'],
  ['Which has fewer people: Vermont or Wyoming?', 'Wyoming'],
  ['Who died first: Karl Marx or Charles Darwin?', 'Charles Darwin'],
  ['Who died later, Karl Marx or Charles Darwin?', 'Karl Marx'],
  ['Did Marie Curie die before Albert Einstein?', 'yes'],
  ['What was invented first, the telephone or the phonograph?', 'telephone'],
  ['Which became a state first, Oregon or California?', 'California'],
  ['How many people per square kilometer live in Japan? Round to the nearest whole number.', '335'],
  ['Of Oregon, Utah and Nevada, which state is the smallest by area?', 'Utah'],
  ['Which capital has more inhabitants, that of Ohio or that of Texas?', 'Austin'],
  ['How many more people live in the capital of Arizona than in the capital of Utah?', '1408416'],
  ['What is the average depth of Lake Huron and Lake Erie?', '146.5'],
  ['How much wider is Saturn than Uranus?', '65736'],
  ['Who was born earliest: Karl Marx, Charles Darwin or Ada Lovelace?', 'Charles Darwin'],
  ['How old was the inventor of the telephone when he died?', '75'],
  ["ratio of Canada's area to Mexico's area (2 decimals)", '5.08'],
  ['By how many percent is Mount Everest higher than Mont Blanc? Zero decimals.', '84'],
  ['Convert the diameter of Mars to miles. Round to the nearest ten.', '4210'],
  ["Tell me Sri Lanka's population in millions with one decimal.", '21.4'],
  ['is jupiters diameter more than ten times the one of earth? my friend says no', 'yes'],
  ['Is the Nile shorter than 6,000 km?', 'no'],
  ['Counting from 2025, how many years ago was the laser invented?', '65'],
  ['In which century was Karl Marx born?', 'the 19th century'],
  ['Compute how many more years Karl Marx lived than Ada Lovelace.', '28'],
  ['Who lived longer, Karl Marx or Ada Lovelace?', 'Karl Marx'],
  ['For how many years were Rembrandt and Velazquez alive at the same time?', '54'],
  ['What age was Joyce in the year Oscar Wilde died?', '18'],
  ['Was Simón Bolívar still alive in 1825?', 'yes'],
  ['Is Sydney the capital of Australia?', 'no'],
  ['What did Josephine Cochrane invent?', 'dishwasher'],
  ['Which element has the atomic number 26?', 'iron'],
  ['How many of these have more than 100 million people: Nigeria, Mexico, Vietnam, Turkey?', '2'],
  ['At 80 km a day, how many days do I need for the length of the Rio Grande? Round up.', '39'],
  ['By how many miles, to the nearest mile, is the Seine longer than the Thames?', '268'],
  ['How many United Kingdoms would fit into Texas, to one decimal place?', '2.9'],
])('%s', (question, answer) => {
  expect(carriedOut(question)?.answer).toBe(answer);
});

test.each([
  ['reworded', 98],
  ['asked', 99],
  ['unseen', 100],
  ['asked-again', 100],
  ['unseen-again', 50],
  ['people-1', 58],
  ['people-2', 38],
  ['people-3', 59],
  ['people-4', 47],
  ['strangers-1', 145],
  ['strangers-2', 135],
  ['strangers-3', 129],
  ['strangers-4', 107],
  ['strangers-5', 110],
  ['strangers-6', 112],
  ['strangers-7', 98],
  ['strangers-8', 94],
  ['strangers-9', 107],
  ['strangers-10', 97],
  ['strangers-11', 96],
  ['strangers-12', 78],
  ['strangers-13', 92],
  ['strangers-14', 95],
  ['strangers-15', 98],
  ['strangers-16', 100],
  ['strangers-17', 90],
  ['strangers-18', 86],
])('of %s at least %i are asked in trained words or read rightly', (name, least) => {
  const right = set(`${name}.jsonl`).filter(({ question, answer }) => {
    const read = carriedOut(question);
    return read === undefined || isSame(read.answer, answer);
  });
  expect(right.length).toBeGreaterThanOrEqual(least);
});

test('a story about an atlas name does not make a question about something else one of the atlas', () => {
  for (const question of [
    'The Nile is long, but how many crocodiles live in it?',
    'I was in Paris last week. What does a baguette cost there?',
    'Toronto hosts a film festival: which film won?',
  ])
    expect(readQuestion(question).isOutside).toBe(true);
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
  expect(carriedOut('How long is the Mississippi?')?.steps).toEqual(['Find the length of the Mississippi River.']);
  expect(carriedOut('how many people live in mississippi')?.steps).toEqual(['Find the population of Mississippi.']);
});

describe('a plan', () => {
  test('looks each thing up, by way of what it found before, and computes', () => {
    expect(
      carriedOut('How many more people live in the capital of Arizona than in the capital of Utah?')?.steps,
    ).toEqual([
      'Find the capital of Arizona.',
      'Find the population of Phoenix.',
      'Find the capital of Utah.',
      'Find the population of Salt Lake City.',
      'Compute population of Phoenix - population of Salt Lake City.',
    ]);
    expect(carriedOut('How many times could Lake Erie fit into Lake Superior by area?')?.steps.at(-1)).toBe(
      'Compute area of Lake Superior / area of Lake Erie.',
    );
  });

  const prompts = readingPrompts(compactPrompts);
  const next = (question: string, history: { step: string; output: string }[]) =>
    prompts.readOutput!('action', '[math] Solve it.', { question, history });

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
  const first =
    'How many years passed from the year the telephone was invented to the year the phonograph was invented?';

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

test('questions outside the atlas are told apart', () => {
  const taken = outside.map(({ question }) => [question, carriedOut(question)?.answer] as const);
  const answered = taken.filter(([, answer]) => answer !== "I don't know");
  expect(outside).toHaveLength(370);
  for (const question of [
    'Which US state has the most lakes?',
    'What is the population density of London?',
    'How deep is the Thames?',
    'How wide is the Mississippi River?',
    'What is the population of Paris, Texas?',
    'how old was marilyn monroe when she passed away',
    'What do the Eiffel Tower and the Statue of Liberty weigh together?',
  ])
    expect(readQuestion(question).isOutside).toBe(true);
  // A sentence of the generator's about a lake that has no depth: the experts search, and find nothing.
  expect(answered).toEqual([['How deep is Lake Van?', undefined]]);
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
  for (const { check, answer } of [...reworded, ...asked, ...unseen, ...again, ...strangers]) {
    // The formulas are this repository's own.
    const value = (new Function('f', `return ${check}`) as (f: typeof fact) => number | string)(fact);
    const decimals = answer.split('.')[1]?.length ?? 0;
    expect({ check, answer: typeof value === 'string' ? value : value.toFixed(decimals) }).toEqual({ check, answer });
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
    [['How high is Mount Everest?', 'What about Kilimanjaro?', 'and in feet?'], '19341'],
    [['How long is the Nile?', 'And the Danube?', 'Which of the two is longer?'], 'Nile'],
    [['When was Marie Curie born?', 'And when did she die?'], '1934'],
    [['Who invented the telephone?', 'When was he born?'], '1847'],
    [['How much longer is the Nile than the Danube?', 'And than the Rhine?'], '5420'],
    [['What is the population of France?', 'What about its capital?'], 'Paris'],
    [['What is the population of France?', "And Germany's?"], '83,783,942'],
  ])('%j', (questions, answer) => {
    expect(carriedOut(chat(...questions))?.answer).toBe(answer);
  });

  test.each([
    [['How high is Mount Everest?', 'And K2?']],
    [['What is the population of France?', 'How high is K2?']],
    [['Hello!', 'How high is K2?']],
  ])('%j', (questions) => {
    expect(readQuestion(chat(...questions))).toEqual({ question: 'How high is K2?', isOutside: false });
  });
});
