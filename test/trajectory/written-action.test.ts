import { actionLine, actionLines } from '../../src/trajectory/written-action';

const STEP = '[search] Find the area of Texas.';

describe('an action is read, whatever its notation', () => {
  test.each([
    ['as asked for', '[search] Find the area of Texas.'],
    ['Markdown', '**[search]** Find the area of Texas.'],
    ['all of it in bold', '**[Search] Find the area of Texas.**'],
    ['a capital', '[Search] Find the area of Texas.'],
    ['after a label', 'Next step or final answer: [search] Find the area of Texas.'],
    ['after words and a number', 'I know neither area.\n1. [search] Find the area of Texas.\n2. [code] Subtract.'],
    ['the step on the next line', '[search]\nFind the area of Texas.'],
    ['tool: step', 'search: Find the area of Texas.'],
    ['tool: step in bold', '**Search:** Find the area of Texas.'],
    ['Tool and step', 'Tool: search - Find the area of Texas.'],
    ['an arrow', 'search -> Find the area of Texas.'],
    ['a call in code', 'search("Find the area of Texas.")'],
    ['a call with a named argument', "`search(query='Find the area of Texas.')`"],
    ['ReAct', 'Thought: I need it.\nAction: search\nAction Input: Find the area of Texas.'],
    ['JSON', '{"tool": "search", "step": "Find the area of Texas."}'],
    ['JSON in a fence', 'Here:\n```json\n{"action": "search", "action_input": "Find the area of Texas."}\n```'],
    ['JSON by the tool', '{"search": "Find the area of Texas."}'],
    ['a list of JSON calls', '[{"name": "search", "arguments": {"query": "Find the area of Texas."}}]'],
    ['JSON that was cut', '{"tool": "search", "step": "Find the area of Texas.'],
    ['arguments as text', '{"name": "search", "arguments": "{\\"query\\": \\"Find the area of Texas.\\"}"}'],
    [
      "OpenAI's form",
      '{"tool_calls": [{"type": "function", "function": {"name": "functions.search", "arguments": "{\\"step\\": \\"Find the area of Texas.\\"}"}}]}',
    ],
    ['Qwen, Hermes', '<tool_call>\n{"name": "search", "arguments": {"step": "Find the area of Texas."}}\n</tool_call>'],
    [
      'Qwen3-Coder',
      '<tool_call>\n<function=search>\n<parameter=step>\nFind the area of Texas.\n</parameter>\n</function>',
    ],
    ['Llama 3.1', '<function=search>{"query": "Find the area of Texas."}</function>'],
    ['Llama 3', '<|python_tag|>{"name": "search", "parameters": {"query": "Find the area of Texas."}}'],
    ['Mistral', '[TOOL_CALLS] [{"name": "search", "arguments": {"query": "Find the area of Texas."}}]'],
    ['newer Mistral', '[TOOL_CALLS]search[ARGS]{"query": "Find the area of Texas."}'],
    ['GLM', '<tool_call>search\n<arg_key>step</arg_key>\n<arg_value>Find the area of Texas.</arg_value>\n</tool_call>'],
    [
      'gpt-oss',
      '<|channel|>commentary to=functions.search <|constrain|>json<|message|>{"query":"Find the area of Texas."}',
    ],
    [
      'gpt-oss without special tokens',
      'assistantcommentary to=functions.search json{"query":"Find the area of Texas."}',
    ],
    ['code marks', '`[search] Find the area of Texas.`'],
    ['a dash', '[search] - Find the area of Texas.'],
    ['a label before the name', 'Action: search: Find the area of Texas.'],
    ['the word tool in brackets', '[tool] search: Find the area of Texas.'],
    ['an attribute', '<tool name="search">Find the area of Texas.</tool>'],
    ['full-width brackets', '［search］ Find the area of Texas.'],
    ['another word for it in brackets', '[lookup] Find the area of Texas.'],
    ['two words', '[web search] Find the area of Texas.'],
    ['a tag that is closed', '[search] Find the area of Texas.[/search]'],
    ['Hunyuan', '<tool_call>search\n```json\n{"query": "Find the area of Texas."}\n```\n</tool_call>'],
    ['Gemma 4', '<|tool_call>call:search{query:<|"|>Find the area of Texas.<|"|>}<tool_call|>'],
    [
      'a channel behind the name',
      '{"name": "search<|channel|>commentary", "arguments": {"query": "Find the area of Texas."}}',
    ],
    [
      'arguments as text of a text',
      JSON.stringify({ name: 'search', arguments: JSON.stringify('{"query": "Find the area of Texas."}') }),
    ],
    ['arguments that were cut off', '{"name": "search", "arguments": "{\\"query\\": \\"Find the area of Texas.\\""}'],
    ['DeepSeek', 'function<｜tool▁sep｜>search\n```json\n{"query": "Find the area of Texas."}\n```'],
    ['Qwen-Agent', '✿FUNCTION✿: search\n✿ARGS✿: {"query": "Find the area of Texas."}'],
    [
      'Command R',
      'Action: ```json\n[{"tool_name": "search", "parameters": {"query": "Find the area of Texas."}}]\n```',
    ],
    ['Llama 4', '[search(query="Find the area of Texas.")]'],
    ['Llama 3, by a method', '<|python_tag|>search.call(query="Find the area of Texas.")'],
    ['Gemma', '```tool_code\nprint(search(queries=["Find the area of Texas."]))\n```'],
    [
      'FunctionGemma',
      '<start_function_call>call:search{query:<escape>Find the area of Texas.<escape>}<end_function_call>',
    ],
    [
      'MiniMax, Claude',
      '<minimax:tool_call>\n<invoke name="search">\n<parameter name="query">Find the area of Texas.</parameter>\n</invoke>',
    ],
    [
      'DeepSeek V3.2',
      '<｜DSML｜invoke name="search">\n<｜DSML｜parameter name="query" string="true">Find the area of Texas.</｜DSML｜parameter>',
    ],
    [
      'DeepSeek V3.1',
      '<｜tool▁call▁begin｜>search<｜tool▁sep｜>{"query": "Find the area of Texas."}<｜tool▁call▁end｜>',
    ],
    [
      'Kimi',
      '<|tool_call_begin|>functions.search:0<|tool_call_argument_begin|>{"query": "Find the area of Texas."}<|tool_call_end|>',
    ],
    ['a dictionary of Python', "{'tool': 'search', 'step': 'Find the area of Texas.'}"],
    ['a comma too many', '{"tool": "search", "step": "Find the area of Texas.",}'],
    ['YAML', 'tool: search\nstep: Find the area of Texas.'],
    ['labels in Markdown', '**Tool:** search\n**Step:** Find the area of Texas.'],
    ['elements', '<tool>search</tool>\n<step>Find the area of Texas.</step>'],
    ['an element', '<search>Find the area of Texas.</search>'],
    ['ReAct in brackets', 'Thought: I need it.\nAction: search[Find the area of Texas.]'],
    ['blanks in brackets', '[ search ] Find the area of Texas.'],
    ['the word tool', '[search tool] Find the area of Texas.'],
    ['two brackets', '[search] [Find the area of Texas.]'],
    ['other brackets', '(search) Find the area of Texas.'],
    ['brackets of Chinese', '【search】Find the area of Texas.'],
    ['an open element', '<search> Find the area of Texas.'],
    ['a long dash', 'search — Find the area of Texas.'],
    ['a numbered label', 'Step 2: [search] Find the area of Texas.'],
    ['ReAct as first published', 'Thought 1: I need it.\nAction 1: Search[Find the area of Texas.]'],
    ['without its label', 'search[Find the area of Texas.]'],
    // run-llama/llama_index#12455
    ['ReAct with an object', 'Thought: I need it.\nAction: search ({"input": "Find the area of Texas."})'],
    ['the step inside the brackets', '[search: Find the area of Texas.]'],
    ['behind a bar', '[search | Find the area of Texas.]'],
    ['two pairs of brackets', '[[search]] Find the area of Texas.'],
    ['braces', '{search} Find the area of Texas.'],
    ['brackets escaped for Markdown', '\\[search\\] Find the area of Texas.'],
    ['an arrow before it', '→ [search] Find the area of Texas.'],
    ['a box to tick', '- [ ] [search] Find the area of Texas.'],
    ['quotation marks around all', '"[search] Find the area of Texas."'],
    ['a box around all', 'We need its area.\n\\boxed{[search] Find the area of Texas.}'],
    ['marks of an answer around all', '<final>[search] Find the area of Texas.</final>'],
    ['a name in bold', '**search** Find the area of Texas.'],
    ['a heading', '### Search\nFind the area of Texas.'],
    ['a call of one text', '[search]("Find the area of Texas.")'],
    ['names without quotation marks', '{tool: "search", step: "Find the area of Texas."}'],
    ['arguments within elements', '<name>search</name><arguments>{"query": "Find the area of Texas."}</arguments>'],
    ['a sentence', 'I do not know it, so I will use the search tool: Find the area of Texas.'],
    // langchain-ai/langchain#1559, run-llama/llama_index#12483
    ['a sentence before it', 'I do not know it. [search] Find the area of Texas.'],
    ['a tag around it', '<action>[search] Find the area of Texas.</action>'],
    ['a step with a point', 'Step 1. [search] Find the area of Texas.'],
    ['a number in round brackets', '(1) [search] Find the area of Texas.'],
    ['a letter', 'a) [search] Find the area of Texas.'],
    ['a step in brackets', '[Step 1] [search] Find the area of Texas.'],
    ["another agent's name of it", '[web_search] Find the area of Texas.'],
  ])('%s', (_what, text) => {
    expect(actionLine(text)).toBe(STEP);
  });

  test.each([
    ['{"answer": "42"}', undefined],
    ['{"tool": "finish", "step": "42"}', '[finish] The answer is 42.'],
    ['{"final_answer": "42"}', '[finish] The answer is 42.'],
    ['Final Answer: 42', '[finish] The answer is 42.'],
    ['The answer is 42.', '[finish] The answer is 42.'],
    ['[finish] The answer is yes, by 3 km.', '[finish] The answer is yes, by 3 km.'],
    ['{"name": "final_answer", "arguments": {"answer": 42}}', '[finish] The answer is 42.'],
    ['{"action": "Final Answer", "action_input": "42"}', '[finish] The answer is 42.'],
    ['So 6*7=42.\n#### 42', '[finish] The answer is 42.'],
    ['The total is:\n\\boxed{42}', '[finish] The answer is 42.'],
    ['<final_answer>42</final_answer>', '[finish] The answer is 42.'],
    ['So the answer is **42**.', '[finish] The answer is 42.'],
    ['Action: Finish[42]', '[finish] The answer is 42.'],
    ['final_answer(42)', '[finish] The answer is 42.'],
    ['[finish] Answer: 42', '[finish] The answer is 42.'],
    ['[finish] So the final answer is 42.', '[finish] The answer is 42.'],
    ['[finish] \\boxed{42}', '[finish] The answer is 42.'],
    ['[conclusion] The answer is 42.', '[finish] The answer is 42.'],
    ['Now I know both. [finish] The answer is 268,596.', '[finish] The answer is 268,596.'],
    ['[final answer] 42', '[finish] The answer is 42.'],
    ['So the total is\n\n$\\boxed{\\frac{9}{7}}$', '[finish] The answer is \\frac{9}{7}.'],
    ['So the total is\n\n\\[\\boxed{42}\\]', '[finish] The answer is 42.'],
    ['So the total is \\(\\boxed{42}\\).', '[finish] The answer is 42.'],
    ['\\boxed{\\text{Alaska}}', '[finish] The answer is Alaska.'],
    ['[finish] The answer is $\\boxed{\\dfrac{1}{2}}$.', '[finish] The answer is \\dfrac{1}{2}.'],
    ['[finish] $x = \\boxed{3}$', '[finish] The answer is $x = \\boxed{3}$.'],
    ['[finish] The answer is\n42', '[finish] The answer is 42.'],
    ['[finish] The answer is:\n\n\\[\\boxed{\\frac{1}{2}}\\]', '[finish] The answer is \\frac{1}{2}.'],
  ])('the end: %j', (text, expected) => {
    expect(actionLine(text)).toBe(expected ?? '[finish] The answer is 42.');
  });

  test('a tool that nobody knows keeps its step, and custom tools are known by their names', () => {
    expect(actionLine('{"tool": "browser", "step": "Open it."}')).toBe('[browser] Open it.');
    expect(actionLine('nfl: Who won?', ['nfl'])).toBe('[nfl] Who won?');
    expect(actionLine('nfl: Who won?')).toBeUndefined();
  });

  test.each([
    'I cannot help with that.',
    '',
    'Note: this is hard.',
    '{"a": 1',
    '[1, 2, 3]',
    'const a = {};',
    'See [the page](http://x).',
    'The (search) is over.',
    'It is <b>bold</b>.',
    '**Math** is hard.',
    'a[0] = search[0]; b',
    'The search tool is down.',
    '[see page] It is there.',
    'Conclusion: it is late.',
    'Reason: none.',
    'To answer this we would need [search] and then [code].',
    'There are three. They are [search], [code] and [math].',
    'It is known. [citation] See there.',
    'The tools are: [search], [code], [math].',
  ])('prose and programs are no action: %j', (text) => {
    expect(actionLine(text)).toBeUndefined();
  });

  test('a text of nothing but brackets is read at once', () => {
    const started = process.cpuUsage().user;
    for (const part of ['[{', 'a({', 'a[', '**a'])
      expect(actionLine(part.repeat(32_000 / part.length))).toBeUndefined();
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(5000);
  });
});

test.each([
  ['[1] [search] Find A.', '[search] Find A.'],
  ['[Step 2] [code] Add them.', '[code] Add them.'],
  ['[search] → Find A.', '[search] Find A.'],
  ['[search] -> Find A.', '[search] Find A.'],
  ['[search] : Find A.', '[search] Find A.'],
  ['[math] - 5 plus 3', '[math] - 5 plus 3'],
  ['[search] Find A. [finish] The answer is 3.', '[search] Find A.'],
  ['[code] Add them. [search] Find C.', '[code] Add them.'],
  ['[search] Find the book A [code] B.', '[search] Find the book A [code] B.'],
  ['[search] Find A. [citation] B.', '[search] Find A. [citation] B.'],
])('numbers before an action, marks behind its tool and guesses behind its step go: %j', (text, expected) => {
  expect(actionLine(text)).toBe(expected);
});

describe('several steps in one answer', () => {
  const search = { tools: ['search', 'weather'], lines: 3 };
  const read = (text: string) => actionLines(text, ['weather'], search);

  test.each([
    ['[search] Find A.\n[search] Find B.'],
    ['1. [search] Find A.\n2. **[search]** Find B.\n'],
    ['[search] Find A.; [search] Find B.'],
    ['[search] Find A. [search] Find B.'],
    ['[Search] Find A.\n\n[search] Find B.\nOutput: A is 7.\n[search] Find C.'],
    ['[search] Find A.\n[search] Find B.\n[code] Solve the question.'],
  ])('are read line by line, to the first that is something else: %j', (text) => {
    expect(read(text)).toEqual(['[search] Find A.', '[search] Find B.']);
  });

  test('are bounded, and of the tools that may be named together', () => {
    expect(read('[search] A.\n[weather] B.\n[search] C.\n[search] D.')).toEqual([
      '[search] A.',
      '[weather] B.',
      '[search] C.',
    ]);
  });

  test.each([
    ['[code] Solve the question.\n[search] Find A.', ['[code] Solve the question.']],
    ['[finish] The answer is 7.\n[search] Find A.', ['[finish] The answer is 7.']],
    ['{"tool": "search", "step": "Find A."}', ['[search] Find A.']],
    ['I do not know.', []],
  ])('any other action is alone: %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});
