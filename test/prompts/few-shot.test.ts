import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPrompts } from '../../src/prompts';
import type { PromptFields } from '../../src/prompts/prompt';
import { MODULES } from '../../src/trajectory/modules';
import { parseAction, trimReasoning } from '../../src/trajectory/parse-action';

const prompts = loadPrompts('few-shot');
const HISTORY = [
  { step: 'Find the area of Texas.', output: 'Texas has 268,596 square miles.' },
  { step: 'Find the area of Washington.', output: 'Washington has 71,362 square miles.' },
];
const FIELDS: PromptFields = {
  question: 'How much bigger is Texas than Washington?',
  history: HISTORY,
  step: 'Subtract 71,362 from 268,596.',
  code: 'console.log(268596 - 71362);',
  observation: '197234',
};
const SHOWN_HISTORY =
  'Step: Find the area of Texas.\nOutput: Texas has 268,596 square miles.\nStep: Find the area of Washington.\nOutput: Washington has 71,362 square miles.';

test.each([
  ['action', `Question: ${FIELDS.question}\nSolution history:\n${SHOWN_HISTORY}\nNext step or final answer:`],
  ['code', `Question: ${FIELDS.question}\nSolution history:\n${SHOWN_HISTORY}\nCurrent step: ${FIELDS.step}\nCode:`],
  [
    'math',
    `Question: ${FIELDS.question}\nSolution history:\n${SHOWN_HISTORY}\nCurrent step: ${FIELDS.step}\nSolution:`,
  ],
  [
    'query',
    `Question: ${FIELDS.question}\nSolution history:\n${SHOWN_HISTORY}\nCurrent step: ${FIELDS.step}\nSearch query:`,
  ],
  [
    'commonsense',
    `Question: ${FIELDS.question}\nSolution history:\n${SHOWN_HISTORY}\nCurrent step: ${FIELDS.step}\nOutput:`,
  ],
  [
    'code-rewrite',
    `Question: ${FIELDS.question}\nStep: ${FIELDS.step}\nCode:\n${FIELDS.code}\nCode output: 197234\nRewrite:`,
  ],
  ['search-rewrite', `Instruction: ${FIELDS.step}\nSearch result: 197234\nAnswer:`],
] as const)('%s shows its fields last, as text and as the last message', (module, shown) => {
  const { text, messages } = prompts.render(module, FIELDS);
  expect(text.endsWith(`\n---\n${shown}`)).toBe(true);
  expect(messages?.at(-1)).toEqual({ role: 'user', content: shown });
});

test('an empty history is None', () => {
  expect(prompts.render('action', { ...FIELDS, history: [] }).text).toContain(
    `${FIELDS.question}\nSolution history:\nNone\nNext step`,
  );
});

test('a conversation alternates, begins with the instruction, and holds the examples of the text', () => {
  for (const module of MODULES) {
    const { text, messages = [] } = prompts.render(module, FIELDS);
    expect(messages.length).toBeGreaterThan(2);
    messages.forEach(({ role, content }, at) => {
      expect(role).toBe(at % 2 === 0 ? 'user' : 'assistant');
      if (at > 0) expect(text).toContain(content);
    });
    expect(messages[0]?.content.startsWith(text.split('\n---\n', 1)[0] ?? 'none')).toBe(true);
  }
});

test('no gap is left open, and braces in values stay as they are', () => {
  for (const module of MODULES)
    for (const language of ['javascript', 'python'] as const) {
      const { text } = prompts.render(module, {
        ...FIELDS,
        language,
        tools: [{ name: 'nfl', description: 'looks up games.' }],
      });
      expect(text).not.toMatch(
        /\{(tools|language|rules|question|history|step|code|observation|error|name|description)\}/,
      );
      expect(text).not.toContain('undefined');
    }
  const value = 'What is {step} in f"{x}" with %s and $&?';
  expect(prompts.render('action', { question: value, history: [] }).text).toContain(`Question: ${value}\n`);
});

test('examples of the action generator are read back, and every tool has one', () => {
  const { messages = [] } = prompts.render('action', FIELDS);
  const actions = messages.filter(({ role }) => role === 'assistant').map(({ content }) => parseAction(content));
  for (const action of actions) expect(action).not.toHaveProperty('fallback');
  const tools = actions.map((action) => (action.kind === 'finish' ? 'finish' : action.tool));
  expect(new Set(tools)).toEqual(new Set(['search', 'code', 'math', 'commonsense', 'finish']));
});

test('examples of math and commonsense are read back whole', () => {
  for (const module of ['math', 'commonsense'] as const) {
    const { messages = [] } = prompts.render(module, FIELDS);
    for (const { content } of messages.filter(({ role }) => role === 'assistant'))
      expect(trimReasoning(content)).toBe(content);
  }
});

test("the user's own tools stand before finish, and nowhere when there are none", () => {
  const tools = [
    { name: 'nfl', description: 'looks up a game.' },
    { name: 'stock', description: 'gives {name} prices.' },
  ];
  const { text, messages } = prompts.render('action', { question: 'Q', history: [], tools });
  const bullets = '- [nfl] looks up a game.\n- [stock] gives {name} prices.\n- [finish]';
  expect(text).toContain(bullets);
  expect(messages?.[0]?.content).toContain(bullets);
  expect(prompts.render('action', { question: 'Q', history: [] }).text).not.toContain('[nfl]');
});

test.each([
  ['javascript', 'JavaScript', 'console.log(2850 - 1230);', 'from datetime import date'],
  ['python', 'Python', 'print(2850 - 1230)', 'console.log'],
] as const)('code asks for %s and shows its examples alone', (language, name, shown, notShown) => {
  const { text } = prompts.render('code', { ...FIELDS, language });
  expect(text).toContain(`programs in ${name}`);
  expect(text).toContain(shown);
  expect(text).not.toContain(notShown);
});

test('code is JavaScript where no language is named', () => {
  expect(prompts.render('code', FIELDS)).toEqual(prompts.render('code', { ...FIELDS, language: 'javascript' }));
});

test('a repair shows the program and its error', () => {
  const { text } = prompts.render('code', { ...FIELDS, code: 'consol.log(1)', programError: 'ReferenceError: consol' });
  expect(text).toContain('Program that failed:\nconsol.log(1)\nError:\nReferenceError: consol\nCode:');
});

test('a hash is the sha256 of the module file, and all differ', () => {
  const hashes = loadPrompts('few-shot').hashes;
  for (const module of MODULES) {
    const file = readFileSync(join(__dirname, `../../src/prompts/few-shot/${module}.yaml`));
    expect(hashes[module]).toBe(createHash('sha256').update(file).digest('hex'));
  }
  expect(new Set(Object.values(hashes)).size).toBe(MODULES.length);
});

describe('what instruction-tuned models put around their answers is taken off', () => {
  test.each([
    ['action', '[search] Find the area of Texas.', '[search] Find the area of Texas.'],
    ['action', 'Next step or final answer: [code] Add 1 and 2.', '[code] Add 1 and 2.'],
    ['action', 'We know both areas.\n\n**[Code]** Subtract them.', '[code] Subtract them.'],
    ['action', '- [search]\nFind it.', '[search] Find it.'],
    ['action', '<think>\nHm, [math]?\n</think>\n\n[finish] The answer is 4.', '[finish] The answer is 4.'],
    ['action', '[my_Tool] Do it.', '[my_Tool] Do it.'],
    ['action', 'I cannot help with that.', 'I cannot help with that.'],
    ['code', '```javascript\nconsole.log(1);\n```', 'console.log(1);'],
    [
      'code',
      'Here is the program:\n```python\nfor i in range(2):\n    print(i)\n```\nIt prints 0 and 1.',
      'for i in range(2):\n    print(i)',
    ],
    ['code', 'Code:\nconsole.log(1);', 'console.log(1);'],
    ['code', '```js\nconsole.log(1);', 'console.log(1);'],
    ['code', 'console.log(`a`);', 'console.log(`a`);'],
    ['query', 'Search query: "area of Texas"', 'area of Texas'],
    ['query', 'area of Texas\nThis finds it.', 'area of Texas'],
    ['query', '"Blade Runner" director', '"Blade Runner" director'],
    ['query', '"To Kill a Mockingbird" author search', '"To Kill a Mockingbird" author search'],
    ['query', 'search engine history: Google', 'search engine history: Google'],
    ['query', '```text\narea of Texas\n```', 'area of Texas'],
    ['query', 'Here is the search query:\n\n"area of Texas"', 'area of Texas'],
    ['query', 'The search query is: area of Texas', 'area of Texas'],
    ['query', '**Query:** area of Texas', 'area of Texas'],
    ['query', '**Query to find the area:**\n- area of Texas', 'area of Texas'],
    ['query', '[search] area of Texas', 'area of Texas'],
    ['query', '{"query": "area of Texas"}', 'area of Texas'],
    ['query', '{"name": "web_search", "arguments": {"query": "area of Texas"}}', 'area of Texas'],
    ['query', '{"queries": ["area of Texas", "area of Alaska"]}', 'area of Texas'],
    ['query', '["area of Texas", "area of Alaska"]', 'area of Texas'],
    ['query', 'search("area of Texas")', 'area of Texas'],
    ['query', '1. area of Texas\n2. area of Alaska', 'area of Texas'],
    ['query', 'I would search for "area of Texas"', 'area of Texas'],
    ['query', 'research (1999) "area"', 'research (1999) "area"'],
    ['query', '1. FC Nuremberg founding year', '1. FC Nuremberg founding year'],
    ['query', '<query>area of Texas</query>', 'area of Texas'],
    ['query', 'To find the area, search for "area of Texas".', 'area of Texas'],
    ['query', 'Here is the query:', ''],
    ['search-rewrite', '**Answer:** Texas has 268,596 square miles.', 'Texas has 268,596 square miles.'],
    ['math', 'Solution: 1 + 1 = 2.', '1 + 1 = 2.'],
  ] as const)('%s: %j', (module, text, expected) => {
    expect(prompts.readOutput?.(module, text)).toBe(expected);
  });
});

// What the sandbox would read as well was cut before it came there.
describe('a program among other fences is read as the sandbox reads it', () => {
  test.each([
    [
      'a command before it',
      'Install it:\n```bash\npip install sympy\n```\nThen:\n```python\nprint(24)\n```',
      'print(24)',
    ],
    ['cells', 'One:\n```python\nx = 3\n```\nTwo:\n```python\nprint(x*8)\n```', 'x = 3\nprint(x*8)'],
    ['its output before it', '```output\n24\n```\n```python\nprint(24)\n```', 'print(24)'],
    ['marks inside a text', 'print("""\n```\nhi\n```\n""")', 'print("""\n```\nhi\n```\n""")'],
    ['marks within its line', 'print("""```\nhi\n```""")', 'print("""```\nhi\n```""")'],
    ['a list', '1. Use this:\n   ```python\n   x = 3\n   print(x)\n   ```', 'x = 3\nprint(x)'],
    ['an indented answer', 'Code:\n    x = 3\n    print(x)', 'x = 3\nprint(x)'],
  ])('%s', (_what, text, expected) => {
    expect(prompts.readOutput?.('code', text, { ...FIELDS, language: 'python' })).toBe(expected);
  });
});
