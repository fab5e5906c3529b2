import { readTrajectory, type ReadOptions } from '../../src/training/read-trajectory';
import { loadTrajectoryPrompt } from '../../src/training/trajectory-style';

const read = (text: string, options: Partial<ReadOptions> = {}) =>
  readTrajectory(text, { done: [], customTools: [], ...options });
const adding = { tool: 'code', step: 'Add 48 and 24.', code: 'print(48 + 24)', observation: '72' };

test.each([
  ['as shown', 'Step 1: [code] Add 48 and 24.\nCode:\nprint(48 + 24)'],
  ['in a fence', 'Step 1: [code] Add 48 and 24.\nCode:\n```python\nprint(48 + 24)\n```\nThis prints the sum.'],
  ['in a fence without a label', '**Step 1: [code] Add 48 and 24.**\n```python\nprint(48 + 24)\n```'],
  ['under headings', '### Step 1: [code] Add 48 and 24.\n\n**Code:**\n```\nprint(48 + 24)\n```\n\n### Result:\n72'],
  ['with a number alone', '1. [code] Add 48 and 24.\nCode:\nprint(48 + 24)'],
  ['without a number', '[code] Add 48 and 24.\nCode: print(48 + 24)'],
  [
    'with a result that the model made up',
    'Step 1: [code] Add 48 and 24.\nCode:\nprint(48 + 24)\nResult: 72\nOutput: It is 72.',
  ],
])('a program is read %s', (_how, text) => {
  expect(read(text)).toEqual({ steps: [], call: { tool: 'code', step: 'Add 48 and 24.', code: 'print(48 + 24)' } });
});

test('a query loses its quotation marks, and a step of reasoning goes before the call', () => {
  const text =
    'Step 1: [math] Halve 48.\nOutput: Half of 48 is 24.\n**Step 2:** [search] Find the area of Texas.\n**Query:** "area of Texas"';
  expect(read(text)).toEqual({
    steps: [{ tool: 'math', step: 'Halve 48.', output: 'Half of 48 is 24.' }],
    call: { tool: 'search', step: 'Find the area of Texas.', query: 'area of Texas' },
  });
});

const SEARCH = { tool: 'search', step: 'Find the area of Texas.', query: 'area of Texas' };
const QUERY = 'Query: area of Texas';

test.each([
  ['with lines of Windows', `Step 1: [search] Find the area of Texas.\r\n${QUERY}\r\nResult: 268,596\r\n`],
  ['behind a dash', `Step 1 - [search] Find the area of Texas.\n${QUERY}`],
  ['with the number of all steps', `Step 1/3: [search] Find the area of Texas.\n${QUERY}`],
  ['on a line of its own', `Step 1:\n[search] Find the area of Texas.\n${QUERY}`],
  ['with the label of an agent', `Action: [search] Find the area of Texas.\n${QUERY}`],
  ['with a capital', `Step 1: [Search] Find the area of Texas.\n${QUERY}`],
  ['between backticks', `Step 1: \`[search]\` Find the area of Texas.\nQuery: \`area of Texas\``],
  ['with a longer label', 'Step 1: [search] Find the area of Texas.\nSearch query: area of Texas'],
  ['with other quotation marks', 'Step 1: [search] Find the area of Texas.\nQuery: “area of Texas”'],
  ['with its query in a fence', 'Step 1: [search] Find the area of Texas.\nQuery:\n```\narea of Texas\n```'],
])('a step is read %s', (_how, text) => {
  expect(read(text)).toEqual({ steps: [], call: SEARCH });
});

test.each([
  ['waves', '~~~python\nprint(1)\n~~~', 'print(1)'],
  ['more marks than the program has', '````python\nprint("```")\n````', 'print("```")'],
  ['a title', '```python title="sum.py"\nprint(1)\n```', 'print(1)'],
  ['a language with signs', '```c++\nint a;\n```', 'int a;'],
  ['backticks', 'Code: `print(1)`', 'print(1)'],
])('a program is read between %s', (_marks, body, code) => {
  expect(read(`Step 1: [code] Compute.\n${body}`).call?.code).toBe(code);
});

test.each([
  ['a label', '**Final Answer:** 72'],
  ['a heading', '### Final Answer\n72'],
  ['the sign of GSM8K', '#### 72'],
])('an answer behind a thought is the finish, with %s', (_how, line) => {
  expect(read(`Step 1: [math] Add 48 and 24.\nOutput: 48 + 24 = 72\n\n${line}`)).toEqual({
    steps: [{ tool: 'math', step: 'Add 48 and 24.', output: '48 + 24 = 72' }],
    finish: 'The answer is 72.',
  });
});

test('an answer before another step is a part of the thought', () => {
  const text = 'Step 1: [math] Add.\nOutput: 48 + 24 = 72\n#### 72\nStep 2: [math] Halve.\nOutput: 36';
  expect(read(text).steps.map(({ output }) => output)).toEqual(['48 + 24 = 72\n#### 72', '36']);
  expect(read(text).finish).toBeUndefined();
});

test.each([
  ['The answer is:\n\n42', '42'],
  ['So we get $\\boxed{\\frac{1}{2}}$', '\\frac{1}{2}'],
  ['The answer is 42. I hope this helps!', '42'],
  ['The answer is St. Louis.', 'St. Louis'],
  ['The answer is 3.14.', '3.14'],
])('%j answers %s', (text, answer) => {
  expect(read(text).finish).toBe(`The answer is ${answer}.`);
});

test('a program under another tool is a step of code', () => {
  expect(read('Step 1: [math] Add 15 and 30.\nCode:\nprint(15 + 30)').call).toEqual({
    tool: 'code',
    step: 'Add 15 and 30.',
    code: 'print(15 + 30)',
  });
});

test('lines of a program are no steps, whatever they begin with', () => {
  const text =
    'Step 1: [code] Add.\n```python\nrows = [\n[math] * 2,\n]\nprint(1)\n```\nStep 2: [finish] The answer is 1.';
  expect(read(text).call?.code).toBe('rows = [\n[math] * 2,\n]\nprint(1)');
});

describe('after a result', () => {
  const after = (text: string) => read(text, { pending: adding });

  test('the sentence and the next step are read', () => {
    expect(after('Output: There are 72 clips.\nStep 2: [finish] The answer is 72.')).toEqual({
      output: 'There are 72 clips.',
      steps: [],
      finish: 'The answer is 72.',
    });
  });

  test('a sentence alone is enough; the next stretch has the next step', () => {
    expect(after('Output: There are 72 clips.')).toEqual({ output: 'There are 72 clips.', steps: [] });
  });

  test.each([
    ['in words', 'Natalia sold 72 clips. So the final answer is: **72**.'],
    ['in a box', 'Natalia sold 72 clips. Therefore, $\\boxed{72}$'],
  ])('a finish %s is a finish', (_how, text) => {
    expect(after(text)).toEqual({ output: 'Natalia sold 72 clips.', steps: [], finish: 'The answer is 72.' });
  });

  test('steps that are told again are passed over, by their number and by their words', () => {
    const again = 'Step 1: [code] Add 48 and 24.\nOutput: There are 72.\nStep 2: [finish] The answer is 72.';
    expect(after(again)).toMatchObject({ output: '72', finish: 'The answer is 72.' });
    expect(after('Output: There are 72.\nStep 1: [code] add 48 and 24\nStep 1: [finish] The answer is 72.')).toEqual({
      output: 'There are 72.',
      steps: [],
      finish: 'The answer is 72.',
    });
  });

  test('nothing at all is malformed where the result is no sentence either', () => {
    expect(readTrajectory('', { done: [], pending: { tool: 'code', step: 'x', code: 'y' }, customTools: [] })).toEqual({
      steps: [],
      malformed: '(nothing)',
    });
  });
});

test.each([
  ['a step without a tool', 'Step 1: Add 48 and 24.\nCode:\nprint(72)'],
  ['a tool that does not exist', 'Step 1: [python] Add 48 and 24.\nCode:\nprint(72)'],
  ['a tool without brackets', 'Step 1: search: Find the area of Texas.\nQuery: area of Texas'],
  ['a search without a query', 'Step 1: [search] Find the area of Texas.'],
  ['a program that is missing', 'Step 1: [code] Add 48 and 24.'],
  ['prose', 'I am sorry, but I cannot help with that.'],
])('%s is malformed', (_what, text) => {
  expect(read(text)).toMatchObject({ steps: [], malformed: expect.stringContaining(text.slice(0, 20)) as string });
});

describe('the conversation for chat models', () => {
  const { request } = loadTrajectoryPrompt({ language: 'python' });
  const asked = (more: object) => request({ question: 'How many clips?', steps: [], temperature: 0, seed: 1, ...more });
  const roles = (more: object) => asked(more).messages!.map(({ role }) => role);

  test('turns alternate and end with ours, wherever the trajectory stands', () => {
    const done = { ...adding, output: 'There are 72.' };
    for (const more of [
      {},
      { pending: adding },
      { steps: [done] },
      { steps: [done], pending: { ...adding, step: 'Again.' } },
    ]) {
      const all = roles(more);
      expect(all.at(-1)).toBe('user');
      for (const [at, role] of all.entries()) expect(role).toBe(at % 2 === 0 ? 'user' : 'assistant');
    }
  });

  test('a result is a turn of ours, and no turn of the teacher holds one', () => {
    const messages = asked({ pending: adding }).messages!;
    expect(messages.at(-1)!.content).toBe('Result: 72');
    for (const { role, content } of messages) if (role === 'assistant') expect(content).not.toMatch(/^Result:/m);
  });

  test('the conversation says what the text says', () => {
    const { prompt, messages } = asked({ pending: adding });
    for (const line of prompt.split('\n').filter((one) => /^(Question|Step|Query|Result|Output): /.test(one)))
      expect(messages!.map(({ content }) => content).join('\n')).toContain(line);
  });
});
