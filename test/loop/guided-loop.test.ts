import type { Calls } from '../../src/loop/calls';
import { SolutionState } from '../../src/loop/solution-state';
import { solveLoop, type LoopEnd } from '../../src/loop/solve-loop';
import type { Guidance, Limits, SolveProfile } from '../../src/contract/profile';
import { parseAction } from '../../src/trajectory/parse-action';
import type { Usage } from '../../src/trajectory/step';

const usage: Usage = { calls: 1, inputTokens: 10, outputTokens: 2, money: 0.5 };
const report = { model: 'm', usage, durationMs: 1 };

interface Script {
  question?: string;
  /** What the action generator writes, one line after the other. */
  actions: string[];
  /** Worked solutions, one after the other. */
  thoughts?: string[];
  /** What programs print, one after the other; `!` in front for a program that fails. */
  prints?: string[];
  /** What common sense says, one after the other. */
  judged?: string[];
  found?: Record<string, string>;
  off?: string[];
  guidance?: Guidance | null;
  limits?: Partial<Limits>;
}

const GUIDANCE: Guidance = { votes: 3, shortResult: 100 };

/** Plays a loop with given models; `asked` is what was called, in order. */
async function play(script: Script) {
  const { actions, thoughts = [], prints = [], judged = [], found = {}, off, guidance = GUIDANCE, limits } = script;
  const asked: string[] = [];
  const offered: (string[] | undefined)[] = [];
  const calls: Partial<Calls> = {
    predictAction: async (input) => {
      offered.push(input.off);
      if (input.missing !== undefined) asked.push(`look up ${input.missing}`);
      return { ...report, action: parseAction(actions.shift() ?? '[finish] The answer is nothing more.') };
    },
    generateCode: async ({ step, sample, exact }) => {
      asked.push(`code ${step}${sample ? ' again' : ''}${exact ? ' exactly' : ''}`);
      return { ...report, code: 'program' };
    },
    executeCode: async () => {
      const printed = prints.shift() ?? '';
      return printed.startsWith('!')
        ? { text: '', error: printed.slice(1), durationMs: 1 }
        : { text: printed, durationMs: 1 };
    },
    reasonMath: async ({ step, sample }) => {
      asked.push(`math ${step}${sample ? ' again' : ''}`);
      return { ...report, text: thoughts.shift() ?? '' };
    },
    reasonCommonsense: async ({ step, sample }) => {
      asked.push(`commonsense ${step}${sample ? ' again' : ''}`);
      return { ...report, text: judged.shift() ?? 'Who knows?' };
    },
    generateQuery: async () => ({ ...report, query: 'another query' }),
    search: async ({ query }) => {
      asked.push(`search ${query}`);
      return { ...(found[query] === undefined ? {} : { text: found[query] }), engine: 'e', durationMs: 1 };
    },
    rewriteResult: async ({ observation }) => {
      asked.push(`rewrite ${observation.slice(0, 10)}`);
      return { ...report, text: 'Reworded.' };
    },
  };
  const profile = {
    limits: { maxSteps: 10, maxTokens: 0, deadlineMs: 0, maxRepairs: 0, ...limits },
    tools: [],
    language: 'javascript',
    outputStyle: 'default',
    inlineChars: 10_000,
    ...(off ? { off } : {}),
    ...(guidance === null ? {} : { guidance }),
  } as unknown as SolveProfile;
  const question = script.question ?? 'How many apples are 3 bags of 7?';
  const solution = new SolutionState({ id: '1', question, profile, workflowId: 'w', runId: 'r' });
  const end = (await solveLoop(solution, calls as Calls)) as LoopEnd | undefined;
  return { ...solution.end(end?.stopReason ?? 'max-steps', end?.answer), asked, offered };
}

const whole = '[math] Solve the question.';

test('a whole question is answered by thinking and by a program, and where both agree nothing more is asked', async () => {
  const { answer, stopReason, asked } = await play({
    actions: [whole],
    thoughts: ['3 * 7 is \\boxed{21}.'],
    prints: ['21.0'],
  });
  expect({ answer, stopReason }).toEqual({ answer: '21', stopReason: 'finished' });
  expect(asked).toEqual(['math Solve the question.', 'code Solve the question.']);
});

test('where they do not agree a third answer decides', async () => {
  const decided = await play({ actions: [whole], thoughts: ['\\boxed{20}', 'So \\boxed{21}'], prints: ['21'] });
  expect(decided.answer).toBe('21');
  expect(decided.asked.at(-1)).toBe('math Solve the question. again');
  const open = await play({ actions: [whole], thoughts: ['\\boxed{20}', '\\boxed{22}'], prints: ['21'] });
  expect(open.answer).toBe('21');
});

test('a thought that writes a false equation has no vote, and its scale is kept', async () => {
  const slip = 'Sum: $1,111 million + $839 million = $2,050 million. Half: $1,025 million, so \\boxed{1025}';
  const script = (rules: 5 | 6) => ({
    guidance: { votes: 5, shortResult: 100, rules },
    actions: [whole],
    thoughts: [slip, slip, slip],
    prints: ['975.0', '975.0'],
  });
  expect(await play(script(5))).toMatchObject({ answer: '1025' });
  const now = await play(script(6));
  expect(now.answer).toBe('975.0 million');
  expect(now.asked).toHaveLength(4);
  // Where nobody else answers, it is better than nothing.
  const alone = await play({ ...script(6), prints: ['!it failed', '!it failed'] });
  expect(alone.answer).toBe('1025 million');
});

test('yes is no answer to who', async () => {
  const script = (rules: 5 | 6) => ({
    question: 'Who starred in Crash?',
    guidance: { votes: 3, shortResult: 100, checks: true as const, rules },
    actions: ['[commonsense] Name the star of Crash.', '[finish] The answer is Yes.'],
    judged: ['Yes, Ryan Phillippe did.'],
    thoughts: ['\\boxed{Ryan Phillippe}', '\\boxed{Ryan Phillippe}'],
    prints: ['Ryan Phillippe'],
  });
  expect((await play(script(6))).answer).toBe('Ryan Phillippe');
});

test('a probability of 11 has no vote, and ends no solution', async () => {
  const script = (rules: 6 | 7) => ({
    question: 'A coin is flipped six times. What is the probability that he stands where he started?',
    guidance: { votes: 5, shortResult: 100, checks: true as const, rules },
    actions: [whole],
    thoughts: ['\\boxed{\\frac{5}{16}}', '\\boxed{7}', '\\boxed{0.4}'],
    prints: ['11.390625', 'Yes'],
  });
  expect((await play(script(6))).answer).toBe('11.390625');
  expect((await play(script(7))).answer).toBe('\\frac{5}{16}');
  // Where nobody says anything else it is better than nothing.
  expect((await play({ ...script(7), thoughts: ['\\boxed{7}', '\\boxed{8}', '\\boxed{9}'] })).answer).toBe('7');
  const finishes = { ...script(7), actions: ['[commonsense] Guess.', '[finish] The answer is 6.'], judged: ['6'] };
  expect((await play(finishes)).answer).toBe('\\frac{5}{16}');
});

test('a thought with a false product has no vote, and lists of the same numbers agree', async () => {
  const script = (rules: 6 | 7, thoughts: readonly string[]) => ({
    question: 'What are the prime factors of 7021?',
    guidance: { votes: 5, shortResult: 100, checks: true as const, rules },
    ...{ actions: [whole], thoughts: [...thoughts], prints: ['[7, 17, 59]', '{7: 1, 17: 1, 59: 1}'] },
  });
  const slips = ['\\boxed{7, 11, 13}', '\\boxed{7, 1003}', '\\[ 7021 = 7 \\times 11 \\times 13 \\] \\boxed{7, 11, 13}'];
  expect((await play(script(6, slips))).answer).toBe('7, 11, 13');
  expect((await play(script(7, slips))).answer).toBe('[7, 17, 59]');
  const agreed = await play(script(7, ['\\boxed{59, 7, 17}']));
  expect([agreed.answer, agreed.asked.length]).toEqual(['59, 7, 17', 2]);
});

test('where all answers differ the program is believed, unless it printed words for a number', async () => {
  const thoughts = () => ['\\boxed{20}', '\\boxed{22}'];
  expect((await play({ actions: [whole], thoughts: thoughts(), prints: ['2.5'] })).answer).toBe('2.5');
  expect((await play({ actions: [whole], thoughts: thoughts(), prints: ['No'] })).answer).toBe('20');
  expect(
    (await play({ actions: [whole], thoughts: ['\\boxed{linear}', 'I do not know'], prints: ['No'] })).answer,
  ).toBe('No');
});

test('a program that fails and a thought without an answer have no vote', async () => {
  const { answer } = await play({
    actions: [whole],
    thoughts: ['I do not know', '\\boxed{21}'],
    prints: ['!x is not defined'],
  });
  expect(answer).toBe('21');
});

test('one vote takes the first answer', async () => {
  const guidance = { votes: 1, shortResult: 0 };
  const { answer, asked } = await play({ actions: [whole], thoughts: ['\\boxed{20}'], guidance });
  expect([answer, asked.length]).toEqual(['20', 1]);
});

test('a solution that finishes from memory solves the question first', async () => {
  const { answer, steps } = await play({
    actions: ['[finish] The answer is 20.'],
    thoughts: ['\\boxed{21}'],
    prints: ['21'],
  });
  expect(answer).toBe('21');
  expect(steps[0]).toMatchObject({ tool: 'math', instead: expect.stringMatching(/before the first step/) });
});

test('an answer that was computed in the head is computed by a program', async () => {
  const found = { 'Find A.': 'A has 1,200 people.', 'Find B.': 'B has 900 people.' };
  const actions = ['[search] Find A.', '[search] Find B.', '[finish] The answer is 301.'];
  const { answer, steps } = await play({ actions, found, prints: ['300'], thoughts: ['\\boxed{300}'] });
  expect(answer).toBe('300');
  expect(steps[2]).toMatchObject({ tool: 'code', instead: expect.stringContaining('301') });
});

test('an answer that an output states stands once a program gives the same, whatever its number is grouped by', async () => {
  const actions = ['[search] Find A.', '[finish] The answer is 1200.'];
  const found = { 'Find A.': 'A has 1,200 people.' };
  const { answer, asked } = await play({ question: 'How many?', actions, found, prints: ['1,200'] });
  expect([answer, asked]).toEqual(['1200', ['search Find A.', 'code Solve the question.']]);
});

test('a name where a number is asked is no end', async () => {
  const actions = ['[search] Find A.', '[finish] The answer is A.'];
  const { steps } = await play({
    actions,
    found: { 'Find A.': 'A is a town.' },
    prints: ['5'],
    thoughts: ['\\boxed{5}'],
  });
  expect(steps[1]?.instead).toMatch(/asks for a number/);
});

test('the same step again is answered by another tool, and by the end where none is left', async () => {
  const found = { 'Find A.': 'A is 7.' };
  const again = await play({
    actions: ['[search] Find A.', '[search] find a'],
    found,
    prints: ['7'],
    thoughts: ['\\boxed{7}'],
  });
  expect(again.steps[1]).toMatchObject({ tool: 'code', instead: 'the step was taken before' });
  const stuck = await play({
    actions: Array<string>(9).fill('[search] Find A.'),
    found,
    prints: ['!no', '!no'],
    thoughts: [],
  });
  expect(stuck.stopReason).toBe('no-progress');
  expect(stuck.steps.length).toBeLessThan(9);
});

test('an index that has nothing is asked twice, and then search is no longer offered', async () => {
  const actions = ['[search] Find A.', '[search] Find B.', '[search] Find C.'];
  const { offered, steps } = await play({ actions, prints: ['21'], thoughts: ['\\boxed{21}'] });
  expect(offered).toEqual([undefined, undefined, ['search']]);
  expect(steps[2]).toMatchObject({ tool: 'code', instead: 'the tool search is not offered' });
});

test('a search asks with the step itself, and words another query only where that finds nothing', async () => {
  const actions = ['[search] Find A.', '[finish] The answer is A.'];
  const guidance = { votes: 1, shortResult: 100 };
  const asked = (found: Record<string, string>) => play({ question: 'Who?', actions: [...actions], found, guidance });
  expect((await asked({ 'Find A.': 'A is here.' })).asked).toEqual(['search Find A.']);
  expect((await asked({ 'another query': 'A is here.' })).asked).toEqual(['search Find A.', 'search another query']);
});

test('a short result is used as it stands, and a long one is reworded', async () => {
  const found = { 'Find A.': 'A is a town.', 'Find B.': 'B is a town. '.repeat(20) };
  const { asked, steps } = await play({
    question: 'Which?',
    actions: ['[search] Find A.', '[search] Find B.', '[finish] The answer is B.'],
    found,
  });
  expect(asked.filter((call) => call.startsWith('rewrite'))).toHaveLength(1);
  expect(steps.slice(0, 2).map(({ output }) => output)).toEqual(['A is a town.', 'Reworded.']);
});

test('a tool that is off is not used', async () => {
  const { asked, answer } = await play({
    actions: ['[search] Find A.'],
    off: ['search', 'code'],
    thoughts: ['\\boxed{4}', '\\boxed{4}'],
  });
  expect(answer).toBe('4');
  expect(asked).toEqual(['math Solve the question.', 'math Solve the question. again']);
});

test('trained experts are followed as they are', async () => {
  const { answer, asked } = await play({ actions: ['[finish] The answer is 20.'], guidance: null });
  expect([answer, asked]).toEqual(['20', []]);
});

test('the money of a solution ends it, with the best answer so far', async () => {
  const actions = ['[code] Add 3 and 4.', '[code] Add 7 and 7.', '[code] Add 14 and 7.'];
  const { stopReason, answer, steps } = await play({
    actions,
    prints: ['7', '14', '21'],
    limits: { money: 2 },
    guidance: null,
  });
  expect(stopReason).toBe('money-budget');
  expect(steps.length).toBeLessThan(3);
  expect(answer).not.toBe('');
});

const facts = {
  question: 'How many meters taller is the Ox than the Elk?',
  found: { 'another query': 'Ox: 30 meters. Elk: 10 meters.' },
};
const looked = '[search] Find the height of the Ox.';

test('an answer from facts alone is checked by a program on the whole question', async () => {
  const agreed = await play({ ...facts, actions: [looked, '[finish] The answer is 30.'], prints: ['30'] });
  expect([agreed.answer, agreed.asked.filter((call) => /Solve/.test(call)).length]).toEqual(['30', 1]);
  expect(agreed.steps.at(-1)?.instead).toBe('an answer from facts alone is checked');
});

test('where the program has another answer a thought decides', async () => {
  const actions = [looked, '[finish] The answer is 30.'];
  const decided = await play({ ...facts, actions: [...actions], prints: ['20'], thoughts: ['\\boxed{20}'] });
  expect(decided.answer).toBe('20');
  const kept = await play({ ...facts, actions: [...actions], prints: ['20'], thoughts: ['\\boxed{30}'] });
  expect(kept.answer).toBe('30');
});

test('numbers are computed by a program, not judged', async () => {
  const { answer, asked } = await play({
    ...facts,
    actions: [looked, '[commonsense] Solve the question.'],
    prints: ['20'],
    thoughts: ['\\boxed{20}'],
  });
  expect([answer, asked.filter((call) => /Solve/.test(call))]).toEqual([
    '20',
    ['code Solve the question.', 'math Solve the question.'],
  ]);
});

describe('with checks', () => {
  const guidance: Guidance = { ...GUIDANCE, checks: true };
  const found = {
    'Find the capital of Illinois.': 'Illinois (US state): capital Springfield.',
    'Find the population of Springfield.': 'Springfield (city): population 114,394.',
    'Find the population of Idaho.': 'Idaho (US state): population 1,839,106.',
    'Find the year of death.': 'Marcel Proust (person): death year 1922.',
    'Find the birth year of Marcel Proust.': 'Marcel Proust (person): birth year 1871.',
  };

  test('a name that was found and not looked up is asked for before the question is solved', async () => {
    const { answer, asked, steps } = await play({
      question: 'How many more people live in Idaho than in the capital of Illinois?',
      guidance,
      found,
      actions: [
        '[search] Find the population of Idaho.',
        '[search] Find the capital of Illinois.',
        '[code] Solve the question.',
        '[search] Find the population of Springfield.',
        '[code] Solve the question.',
      ],
      prints: ['1724712'],
      thoughts: ['\\boxed{1724712}'],
    });
    expect(answer).toBe('1724712');
    expect(asked.slice(2, 5)).toEqual([
      'look up Springfield',
      'search Find the population of Springfield.',
      'code Solve the question. exactly',
    ]);
    expect(steps[2]).toMatchObject({ tool: 'search', instead: 'Springfield had not been looked up' });
    // Both calls of the action generator count, and the search needs no model.
    expect(steps[2]?.usage).toMatchObject({ calls: 2, inputTokens: 20 });
  });

  test('what the question names is looked up, each thing, before the question is solved', async () => {
    const { answer, asked, steps } = await play({
      question: 'How many more people live in Idaho than in Springfield?',
      guidance: { ...guidance, rules: 2 },
      found,
      actions: [
        '[math] Solve the question.',
        '[search] Find the population of Idaho.',
        '[code] Solve the question.',
        '[search] Find the population of Springfield.',
        '[code] Solve the question.',
      ],
      prints: ['1724712'],
      thoughts: ['\\boxed{1724712}'],
    });
    expect(answer).toBe('1724712');
    expect(asked.filter((call) => /^look up|^search/.test(call))).toEqual([
      'look up Idaho',
      'search Find the population of Idaho.',
      'look up Springfield',
      'search Find the population of Springfield.',
    ]);
    expect(steps[0]).toMatchObject({ tool: 'search', instead: 'Idaho had not been looked up' });
  });

  describe('a program that compares what searches found', () => {
    const compared = (rules: 2 | 3, prints: string[], thoughts: string[]) =>
      play({
        question: 'Is Zambia more populous than Ivory Coast?',
        guidance: { ...guidance, votes: 5, rules },
        found: {
          'Find the population of Zambia.': 'Zambia (country): population 18,383,955.',
          'Find the population of Ivory Coast.': 'Ivory Coast (country): population 25,069,229.',
        },
        actions: [
          '[search] Find the population of Zambia.',
          '[search] Find the population of Ivory Coast.',
          '[code] Solve the question.',
        ],
        prints,
        thoughts,
      });
    const solving = (asked: string[]) => asked.filter((call) => /^(?:code|math)/.test(call));

    test('settles yes or no alone', async () => {
      const { answer, asked } = await compared(3, ['False'], ['\\boxed{\\text{Yes}}']);
      expect(answer).toBe('no');
      expect(solving(asked)).toEqual(['code Solve the question. exactly']);
    });

    test('also where the first program printed the difference', async () => {
      const { answer, asked } = await compared(3, ['6685274', 'False'], ['\\boxed{\\text{Yes}}', '\\boxed{Yes}']);
      expect(answer).toBe('no');
      expect(solving(asked)).toHaveLength(3);
    });

    test('has one vote in solutions that began before, and words come out of their formula since then', async () => {
      expect((await compared(2, ['False'], ['\\boxed{\\text{Yes}}', '\\boxed{\\text{Yes}}'])).answer).toBe(
        '\\text{Yes}',
      );
      expect(
        (await compared(3, ['!it failed', '!it failed'], ['\\boxed{\\text{Yes}}', '\\boxed{\\text{Yes}}'])).answer,
      ).toBe('Yes');
    });
  });

  test('a search for two things that told of one is not enough, and one that found nothing is', async () => {
    const { asked } = await play({
      question: 'How much longer is the Volga than the Dvina?',
      guidance: { ...guidance, rules: 2 },
      found: { 'Find the lengths of the Volga and the Dvina.': 'Volga (river): length 3,530 kilometers.' },
      actions: [
        '[search] Find the lengths of the Volga and the Dvina.',
        '[code] Solve the question.',
        '[search] Find the length of the Dvina.',
        '[code] Solve the question.',
      ],
      prints: ['2786'],
      thoughts: ['\\boxed{2786}'],
    });
    expect(asked.filter((call) => call.startsWith('look up'))).toEqual(['look up Dvina']);
  });

  test('an action generator that asks for two things together again has the missing one asked for alone', async () => {
    const { asked, steps } = await play({
      question: 'How much longer is the Volga than the Dvina?',
      guidance: { ...guidance, rules: 2 },
      found: {
        'Find the lengths of the Volga and the Dvina.': 'Volga (river): length 3,530 kilometers.',
        'Find the lengths of the Dvina.': 'Dvina (river): length 744 kilometers.',
      },
      actions: [
        '[search] Find the lengths of the Volga and the Dvina.',
        '[code] Solve the question.',
        '[search] Find the lengths of the Volga and the Dvina.',
        '[code] Solve the question.',
      ],
      prints: ['2786'],
      thoughts: ['\\boxed{2786}'],
    });
    expect(asked).toContain('search Find the lengths of the Dvina.');
    expect(steps[1]).toMatchObject({ instead: 'Dvina had not been looked up' });
  });

  test('a word problem, and what common sense is asked for, need no fact', async () => {
    const guided = { ...guidance, rules: 2 as const };
    const bags = await play({
      question: 'If Tom buys 3 bags of 6 apples and eats 2 of them, how many apples has Tom left?',
      guidance: guided,
      found,
      actions: ['[math] Solve the question.'],
      prints: ['16'],
      thoughts: ['\\boxed{16}'],
    });
    const giraffe = await play({
      question: 'Would Marcel Proust have owned a telephone?',
      guidance: guided,
      found,
      actions: ['[commonsense] Solve the question.'],
      prints: ['yes'],
      thoughts: ['The answer is yes.'],
    });
    for (const { asked } of [bags, giraffe]) expect(asked.join()).not.toMatch(/look up/);
  });

  test('it is asked for once; an action generator that has nothing to look up solves the question', async () => {
    const { asked, answer } = await play({
      question: 'How many people live in the capital of Illinois?',
      guidance,
      found,
      actions: ['[search] Find the capital of Illinois.', '[code] Solve the question.', '[finish] The answer is 5.'],
      prints: ['114394'],
      thoughts: ['\\boxed{114394}'],
    });
    expect(asked.filter((call) => call.startsWith('look up'))).toEqual(['look up Springfield']);
    expect(answer).toBe('114394');
  });

  test('an age of which one year is known is not told before the other year is', async () => {
    const { answer, asked } = await play({
      question: 'At what age did Marcel Proust die?',
      guidance,
      found,
      actions: [
        '[search] Find the year of death.',
        '[finish] The answer is 1922.',
        '[search] Find the birth year of Marcel Proust.',
        '[code] Solve the question.',
      ],
      prints: ['51'],
      thoughts: ['\\boxed{51}'],
    });
    expect(answer).toBe('51');
    expect(asked).toContain('look up the other year that the answer needs');
  });

  test('a fact with a number, a name that the question has, and a question for a name are no reason to look further', async () => {
    for (const question of ['What is the population of Idaho?', 'What is the capital of Illinois?']) {
      const { asked } = await play({
        question,
        guidance,
        found,
        actions: [
          question.includes('Idaho')
            ? '[search] Find the population of Idaho.'
            : '[search] Find the capital of Illinois.',
          '[finish] The answer is 1,839,106.',
        ],
        prints: ['1839106'],
      });
      expect(asked.filter((call) => call.startsWith('look up'))).toEqual([]);
    }
  });

  test('an answer of another kind has no vote: a number for a choice, two names, a truth value for yes', async () => {
    const depths = { 'Find A.': 'Lake Ohrid: depth 288 meters.', 'Find B.': 'Lake Como: depth 410 meters.' };
    const chosen = await play({
      question: 'Which is deeper, Lake Ohrid or Lake Como?',
      guidance,
      found: depths,
      actions: ['[search] Find A.', '[search] Find B.', '[code] Solve the question.'],
      prints: ['122', 'Lake Ohrid is deeper than Lake Como'],
      thoughts: ['\\boxed{\\text{Lake Como}}'],
    });
    expect(chosen.answer).toContain('Lake Como');
    const yes = await play({
      question: 'Is Lake Como deeper than Lake Ohrid?',
      guidance,
      found: depths,
      actions: ['[search] Find A.', '[search] Find B.', '[code] Solve the question.'],
      prints: ['122', 'True'],
      thoughts: ['\\boxed{\\text{Yes}}'],
    });
    expect([yes.answer, yes.asked.length]).toEqual(['\\text{Yes}', 5]);
  });

  test('where nothing agrees, a thought counts more than what was read off the facts', async () => {
    const { answer } = await play({
      question: 'Which is deeper, Lake Ohrid or Lake Como?',
      guidance,
      found: { 'Find A.': 'Lake Ohrid: depth 288 meters.', 'Find B.': 'Lake Como: depth 410 meters.' },
      actions: ['[search] Find A.', '[search] Find B.', '[finish] The answer is Lake Ohrid.'],
      prints: ['-122', '122'],
      thoughts: ['\\boxed{Lake Como}'],
    });
    expect(answer).toBe('Lake Como');
  });

  test('an answer that rounds what a step found is no invented number', async () => {
    const tools = async (rules: 3 | 4) => {
      const { steps } = await play({
        question: 'Find the mean depth of the two lakes.',
        actions: ['[search] Find A.', '[code] Compute the mean.', '[finish] The answer is 5.08.'],
        found: { 'Find A.': 'A is deep.' },
        prints: ['5.0789', '5.08'],
        guidance: { ...guidance, votes: 1, rules },
      });
      return steps.map(({ tool }) => tool);
    };
    expect(await tools(4)).toEqual(['search', 'code']);
    expect(await tools(3)).toEqual(['search', 'code', 'code']);
  });

  test('a program computes the exact value, and it is rounded as people round', async () => {
    const { answer } = await play({
      question: 'How many hours do 2,450 km take at 4 km per hour, to the nearest integer?',
      guidance,
      actions: ['[code] Solve the question.'],
      prints: ['612.5'],
      thoughts: ['\\boxed{613}'],
    });
    expect(answer).toBe('613');
  });

  describe('a judgement', () => {
    const judge = (rules: 4 | 5, script: Partial<Script>) =>
      play({
        question: 'Does Ludacris perform classical music?',
        guidance: { ...guidance, votes: 5, rules },
        found: { 'Find the music of Ludacris.': 'Ludacris is a rap artist.' },
        actions: [],
        ...script,
      });
    const solving = (asked: string[]) =>
      asked.filter((call) => call.endsWith('Solve the question.') || / again$/.test(call));

    test('is read by the yes or no that common sense begins with, and two that agree settle it', async () => {
      const actions = ['[search] Find the music of Ludacris.', '[commonsense] Solve the question.'];
      const judged = Array.from({ length: 5 }, () => 'No, Ludacris is a rap artist.');
      const { answer, asked } = await judge(5, { actions: [...actions], judged: [...judged] });
      expect(answer).toBe('No');
      expect(solving(asked)).toEqual(['commonsense Solve the question.', 'commonsense Solve the question. again']);
      // Stored histories go on as they began.
      const before = await judge(4, {
        actions: [...actions],
        judged,
        thoughts: ['\\boxed{No}'],
        prints: ['Yes', 'Yes'],
      });
      expect(solving(before.asked).filter((call) => call.startsWith('commonsense'))).toHaveLength(5);
    });

    test('needs the facts of all that is named, where the search knew one of them', async () => {
      const truman = {
        question: "Was Harry Truman's presidency unaffected by the Marshall Plan?",
        found: {
          'Find the Marshall Plan.': 'The Marshall Plan was passed in 1948.',
          'Find Harry Truman.': 'Harry Truman was president from 1945 to 1953.',
        },
        actions: [
          '[search] Find the Marshall Plan.',
          '[commonsense] Solve the question.',
          '[search] Find Harry Truman.',
          '[commonsense] Solve the question.',
        ],
        judged: ['No, he signed it.', 'No, he signed it.'],
      };
      const { answer, asked } = await judge(5, { ...truman, actions: [...truman.actions] });
      expect([answer, asked]).toEqual([
        'No',
        [
          'search Find the Marshall Plan.',
          'look up Harry Truman',
          'search Find Harry Truman.',
          'commonsense Solve the question.',
          'commonsense Solve the question. again',
        ],
      ]);
      expect((await judge(5, { ...truman, found: {} })).asked.join()).not.toMatch(/look up/);
    });

    test('in words is asked for once, and read by the action generator', async () => {
      const { answer, asked } = await judge(5, {
        question: 'Which band did Robert Plant sing in?',
        actions: ['[commonsense] Solve the question.', '[finish] Led Zeppelin.'],
        judged: ['Robert Plant sang in Led Zeppelin.'],
      });
      expect([answer, asked]).toEqual(['Led Zeppelin', ['commonsense Solve the question.']]);
    });

    test('is no matter for programs: what one prints has no vote, and none is asked', async () => {
      const { answer, asked } = await judge(5, {
        actions: ['[search] Find the music of Ludacris.', '[code] Solve the question.'],
        prints: ['Yes'],
        thoughts: ['A rapper. The answer is no.', 'So \\boxed{\\text{No}}.'],
      });
      expect(answer).toBe('no');
      expect(asked.slice(-2)).toEqual(['math Solve the question.', 'math Solve the question. again']);
      const checked = await judge(5, {
        actions: ['[search] Find the music of Ludacris.', '[finish] No.'],
        thoughts: ['A rapper, so \\boxed{No}.'],
      });
      expect([checked.answer, checked.asked.at(-1)]).toEqual(['No', 'math Solve the question.']);
    });

    test('what compares, or tells numbers, is computed as before', async () => {
      for (const question of ['Is Everest higher than K2?', 'Is 91 a prime number?']) {
        const { answer, asked } = await judge(5, {
          question,
          actions: ['[code] Solve the question.'],
          prints: ['False'],
          thoughts: ['\\boxed{No}'],
        });
        expect([answer, asked.at(-1)]).toEqual(['No', 'math Solve the question.']);
      }
    });
  });

  // lsdefine/GenericAgent#201, deepset-ai/haystack#12300, NousResearch/hermes-agent#6488
  test.each(['', 'I am sorry, but I cannot help with that.'])(
    'a model that never writes an action ends the solution when everything was tried: %j',
    async (text) => {
      const actions = new Array<string>(12).fill(text);
      const prints = new Array<string>(12).fill('!failed');
      const now = await play({ guidance: { ...guidance, votes: 1, rules: 3 }, actions: [...actions], prints });
      expect([now.stopReason, now.answer, now.steps.length]).toEqual(['no-progress', '', 4]);
      // Stored histories go on as they began.
      const before = await play({ guidance: { ...guidance, votes: 1, rules: 2 }, actions: [...actions], prints });
      expect([before.stopReason, before.steps.length]).toEqual(['max-steps', 10]);
    },
  );

  test('solutions that began without checks go on without them', async () => {
    const { asked } = await play({
      question: 'How many people live in the capital of Illinois?',
      found,
      actions: ['[search] Find the capital of Illinois.', '[code] Solve the question.'],
      prints: ['5', '5'],
      thoughts: ['\\boxed{5}'],
    });
    expect(asked.join()).not.toMatch(/look up|exactly/);
  });
});
