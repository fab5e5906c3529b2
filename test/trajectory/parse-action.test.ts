import { FALLBACK_STEP, parseAction, parseAnswer, trimReasoning } from '../../src/trajectory/parse-action';

describe('parseAction reads what the action generator wrote, by the rules of Husky-v1', () => {
  test.each([
    ['[search] Find the area of Texas.', 'search', 'Find the area of Texas.'],
    ['[code] Compute the difference.\nOutput: 3', 'code', 'Compute the difference.'],
    ['[math]\n  Add 2 and 3.', 'math', 'Add 2 and 3.'],
    ['  [commonsense]Decide which is older.  ', 'commonsense', 'Decide which is older.'],
  ])('%j names tool %s', (text, tool, step) => {
    expect(parseAction(text)).toEqual({ kind: 'step', tool, step });
  });

  test.each(['[math]', '[ math ] Add.', 'I would [search] for it', '', '[search]   '])(
    '%j cannot be read and becomes the fallback step of commonsense',
    (text) => {
      expect(parseAction(text)).toEqual({
        kind: 'step',
        tool: 'commonsense',
        step: FALLBACK_STEP,
        fallback: 'unparsable',
      });
    },
  );

  test.each(['[match_info] Find the score.', '[Search] Find the score.', '[weather] Find the score.'])(
    '%j names no tool that exists and keeps its step for commonsense',
    (text) => {
      expect(parseAction(text)).toEqual({
        kind: 'step',
        tool: 'commonsense',
        step: 'Find the score.',
        fallback: 'unknown-tool',
      });
    },
  );

  test('a custom tool is taken by its exact name', () => {
    expect(parseAction('[weather] Ask for Oslo.', ['weather'])).toEqual({
      kind: 'step',
      tool: 'weather',
      step: 'Ask for Oslo.',
    });
  });

  test('[finish] ends with the answer', () => {
    expect(parseAction('[finish] The answer is 1973.')).toEqual({
      kind: 'finish',
      answer: '1973',
      text: 'The answer is 1973.',
    });
  });
});

describe('parseAnswer', () => {
  test.each([
    ['The answer is 12.', '12'],
    ['So The answer is 3. No: The answer is 4.', '4'],
    ['forty-two', 'forty-two'],
    ['The answer is 1.5..', '1.5.'],
    ['The answer is  yes .', 'yes'],
  ])('%j gives %j', (text, answer) => {
    expect(parseAnswer(text)).toBe(answer);
  });
});

describe('trimReasoning cuts where the model began the next field', () => {
  test.each([
    ['2 + 3 = 5.\nStep: more', '2 + 3 = 5.'],
    ['a\nCurrent step: b', 'a'],
    ['a\nThe answer is \\boxed{5}.', 'a'],
    ['a\nNext solution: b', 'a'],
    ['so The answer is \\boxed{5}.', 'so The answer is \\boxed{5}.'],
  ])('%j becomes %j', (text, kept) => {
    expect(trimReasoning(text)).toBe(kept);
  });
});
