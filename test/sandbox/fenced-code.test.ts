import { unwrapFence } from '../../src/sandbox/fenced-code';

it.each([
  ['a fence with a language', '```python\nprint(1)\n```', 'print(1)\n'],
  ['a fence after a sentence', 'Here is the program:\n\n```js\nconsole.log(1)\n```\nIt prints 1.', 'console.log(1)\n'],
  ['a fence that is never closed', '```python\nprint(1)\n', 'print(1)\n'],
  ['tildes', '~~~\nprint(1)\n~~~', 'print(1)\n'],
  ['no fence', 'print("```")', 'print("```")'],
  [
    'a fence inside a text of the program',
    'x = """\n```\nin\n```\n"""\nprint(x)',
    'x = """\n```\nin\n```\n"""\nprint(x)',
  ],
])('%s is unwrapped to the program alone', (_, text, program) => {
  expect(unwrapFence(text)).toBe(program);
});
