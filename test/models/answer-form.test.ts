import { grammarOf, hasForm, regexOf } from '../../src/models/answer-form';

const tools = ['search', 'code', 'weather', 'finish'];
const one = { kind: 'action' as const, tools };
const several = { ...one, several: { tools: ['search', 'weather'], lines: 3 } };
const fits = (form: typeof one | typeof several, text: string) => new RegExp(`^(?:${regexOf(form)})$`).test(text);

test.each([
  ['[code] Solve the question.', true, true],
  [' [search] Find A.', true, true],
  ['[search] Find A.\n[weather] Tell B.', false, true],
  ['[search] A.\n[search] B.\n[search] C.', false, true],
  ['[search] A.\n[search] B.\n[search] C.\n[search] D.', false, false],
  ['[search] A.\n[code] Solve the question.', false, false],
  ['[code] A.\n[search] B.', false, false],
  ['[browser] A.', false, false],
])('%j is one action: %s, one or several: %s', (text, isOne, isSeveral) => {
  expect([fits(one, text), fits(several, text)]).toEqual([isOne, isSeveral]);
});

test('the grammar of llama.cpp names the further lines and how many there may be', () => {
  expect(grammarOf(one)).not.toContain('named');
  expect(grammarOf(several)).toContain('named ("\\n" named){1,2}');
  expect(grammarOf(several)).toContain('more ::= "search" | "weather"');
  expect(hasForm('[search] A.\n[search] B.', several)).toBe(true);
});
