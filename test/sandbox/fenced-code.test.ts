import { unwrapFence } from '../../src/sandbox/fenced-code';

it.each([
  ['a fence with a language', '```python\nprint(1)\n```', 'print(1)\n'],
  ['a fence after a sentence', 'Here is the program:\n\n```js\nconsole.log(1)\n```\nIt prints 1.', 'console.log(1)\n'],
  ['a fence that is never closed', '```python\nprint(1)\n', 'print(1)\n'],
  ['tildes', '~~~\nprint(1)\n~~~', 'print(1)\n'],
  ['tags', '<code>\nprint(1)\n</code>', '\nprint(1)\n'],
  ["the language's name on a line of its own", 'python\nprint(1)', 'print(1)'],
  ['single marks', '`print(1)`', 'print(1)'],
  ['a text of JavaScript between single marks', '`a js text`', '`a js text`'],
  ['arguments of a tool call', '{"code": "print(1)"}', 'print(1)'],
  ['a tool call', '<tool_call>\n{"name": "py", "arguments": {"code": "print(1)"}}\n</tool_call>', 'print(1)'],
  ['a dictionary of the program', '{"code": code}', '{"code": code}'],
  ['a name that is part of the program', 'python = 1\nprint(python)', 'python = 1\nprint(python)'],
  [
    'a fence in a list',
    '1. First:\n   ```python\n   if 1:\n       print(1)\n   ```\n2. Done.',
    'if 1:\n    print(1)\n',
  ],
  ['a fence that closes on the last line', '```py\nprint(1)```', 'print(1)'],
  ['a fence on one line', '```python print(1)```', 'print(1)'],
  ['a fence of quotes', "'''python\nprint(1)\n'''", 'print(1)\n'],
  ["the language's name inside a fence", '```\npython\nprint(1)\n```', 'print(1)\n'],
  ['line ends as signs', '```python\\nprint(1)\\n```', 'print(1)\n'],
  ['a call in a fence', '```json\n{"code": "print(1)"}\n```', 'print(1)'],
  ['a text of JSON', '"x = 1\\nprint(x)"', 'x = 1\nprint(x)'],
  [
    'thoughts before a fence',
    '<think>\n```python\nprint(2)\n```\nNo.\n</think>\n```python\nprint(1)\n```',
    'print(1)\n',
  ],
  ['thoughts whose beginning the template wrote', 'I add.\n</think>\n\nprint(1)', '\n\nprint(1)'],
  ['signs of a chat template', '<|python_tag|>print(1)<|im_end|>', 'print(1)'],
  ['tags after a thought', 'Thought: I add.\n<code>\nprint(1)\n</code>', '\nprint(1)\n'],
  ['other tags', '[PYTHON]\nprint(1)\n[/PYTHON]', '\nprint(1)\n'],
  ['LaTeX', '\\begin{verbatim}\nprint(1)\n\\end{verbatim}', 'print(1)\n'],
  ['a page of the program', 'page = """\n<code>\nx\n</code>\n"""', 'page = """\n<code>\nx\n</code>\n"""'],
  ['no fence', 'print("```")', 'print("```")'],
  [
    'a fence inside a text of the program',
    'x = """\n```\nin\n```\n"""\nprint(x)',
    'x = """\n```\nin\n```\n"""\nprint(x)',
  ],
  ['a fence that says more than its language', '```{python} title=one\nprint(1)\n```', 'print(1)\n'],
  [
    'a fence after an explanation with formulas, before its output',
    'We use \\(a + b = c\\):\n\\[\nx = {1; 2}\n\\]\n\n```python\nprint(3)\n```\n```output\n3\n```\nSo it is \\(3\\).',
    'print(3)\n',
  ],
  [
    'cells that need each other, up to the first that prints',
    'First:\n```bash\npip install x\n```\nThen:\n```python\ndef f(): return 1\n```\n```python\nprint(f())\n```\nOr:\n```python\nprint(1)\n```',
    'def f(): return 1\nprint(f())\n',
  ],
  [
    'a marked fence inside a text of the program',
    'note = """\n```python\nprint(1)\n```\n"""\nprint(note)',
    'note = """\n```python\nprint(1)\n```\n"""\nprint(note)',
  ],
])('%s is unwrapped to the program alone', (_, text, program) => {
  expect(unwrapFence(text, text.includes('js') ? 'javascript' : 'python')).toBe(program);
});
