import { readAnswer } from '../../src/models/read-answer';
import { splitThinking } from '../../src/models/thinking';

describe('thinking is taken off', () => {
  test.each([
    ['<think>\nA\n</think>\n\nAnswer', 'Answer'],
    ['<think>A</think>Answer', 'Answer'],
    ['<think></think>\n<think>B</think>\nAnswer', 'Answer'],
    ['<thinking>A</thinking> Answer', 'Answer'],
    ['[THINK]A[/THINK]Answer', 'Answer'],
    ['◁think▷A◁/think▷Answer', 'Answer'],
    ['<seed:think>A</seed:think>Answer', 'Answer'],
    ['<|START_THINKING|>A<|END_THINKING|><|START_RESPONSE|>Answer<|END_RESPONSE|>', 'Answer'],
    ['<|channel|>analysis<|message|>A<|end|><|start|>assistant<|channel|>final<|message|>Answer', 'Answer'],
    ['analysisThe user asks.assistantfinalAnswer', 'Answer'],
    ['<think>A</think><answer>Answer</answer>', 'Answer'],
    ['Sure.\n<think>A</think>\nAnswer', 'Sure.\nAnswer'],
    ['I could.\n[search] Find A.\nNo.\n</think>\n\nAnswer', 'Answer'],
    ['A.</think>\nAnswer', 'Answer'],
    ['A.\n</think>[finish] Answer', '[finish] Answer'],
    ['A\n[/THINK]\nAnswer', 'Answer'],
    ["Here's my thought process:\nA.\n\nHere's my response:\nAnswer", 'Answer'],
    ['<longcat_think>\nA\n</longcat_think>\nAnswer', 'Answer'],
    ['<Think>A</Think>Answer', 'Answer'],
    ['<thinking mode="deep">A</thinking>\nAnswer', 'Answer'],
    ['<inner_monologue>A</inner_monologue>\nAnswer', 'Answer'],
    ['<|inner_prefix|>A<|inner_suffix|>Answer', 'Answer'],
    ['<|think|>A<|end|><|begin|>assistant<|content|>Answer', 'Answer'],
    ['<details type="reasoning" done="true">\n> A\n</details>\nAnswer', 'Answer'],
    ['<|channel|>analysis<|message|>A<|end|><|channel|>final <|constrain|>json<|message|>{}', '{}'],
    ['<think>A <think>B</think> C</think>\nAnswer', 'Answer'],
    ['<think>A <think> is a mark.</think>\nAnswer', 'Answer'],
    ['A\n</think>\nB\n</think>\nAnswer', 'Answer'],
    ['A\n</think>\nAnswer\n</think>', 'Answer\n'],
    ['Let me write\n```js\nx\n</think>\n\nAnswer', 'Answer'],
    ['[think]\nA\n[/think]\nAnswer', 'Answer'],
    ['<|begin_of_thought|>A<|end_of_thought|>Answer', 'Answer'],
    ['<|thinking_start|>A<|thinking_end|>Answer', 'Answer'],
    ['<think_start>A<think_end>Answer', 'Answer'],
    ['<ctrl94>thought\nA<ctrl95>Answer', 'Answer'],
    ['*Thinking...*\n\n> I could.\n> [search] Find A.\n\nAnswer', '\nAnswer'],
  ])('%j', (text, answer) => {
    expect(splitThinking(text)).toEqual({ answer, unfinished: false });
  });

  test.each([
    '<think>\nI could begin so:\n[search] Find',
    '<thi',
    '[THINK]A',
    '<|channel|>analysis<|message|>A',
    '<think>',
    'Here is my thought process: [search] Find',
    'Thinking...\n\n> [search] Find',
    '<|start_of_thinking|>[search] Find',
  ])('a text that ends inside it has no answer: %j', (text) => {
    expect(splitThinking(text)).toEqual({ answer: '', unfinished: true });
  });

  test.each([
    "console.log('a</think>b'.split('</think>').length)",
    'The tag </think> closes the block. The answer is 2.',
    'Use <think> to begin.',
    '```html\n<think>\n</think>\n```\nThat is how it looks.',
    'analysis of the areas: Texas is larger.',
    'a < b and b > c',
  ])('a text that only mentions a mark stays as it is: %j', (text) => {
    expect(splitThinking(text)).toEqual({ answer: text, unfinished: false });
  });
});

describe('the answer ends', () => {
  test('at a stop string, and not at one inside the thinking', () => {
    const text = '<think>\nOption A\n---\nB\n</think>\n[finish] The answer is 42.\n---\nQuestion: next';
    expect(readAnswer(text, { stop: ['\n---'] })).toEqual({
      text: '[finish] The answer is 42.',
      stopped: true,
      unfinished: false,
    });
  });

  test.each([
    ['Answer<|im_end|>\n<|im_start|>user\nMore', 'Answer'],
    ['Answer<|eot_id|>', 'Answer'],
    ['Answer</s>', 'Answer'],
    ['<|im_start|>assistant\nAnswer<|im_end|>', 'Answer'],
    ['[/INST] Answer [/INST]', 'Answer'],
    ['Answer<end_of_turn>\n<start_of_turn>user', 'Answer'],
    ['Answer<|end|></s>', 'Answer'],
    ['<s>struck</s> through', '<s>struck</s> through'],
    // Llama 4, Kimi, Granite, EXAONE, MiniMax, Ling, GLM's vision models, any other mark at the end.
    ['<|header_start|>assistant<|header_end|>\n\nAnswer<|eot|>', 'Answer'],
    ['<|im_assistant|>assistant<|im_middle|>Answer<|im_user|>user', 'Answer'],
    ['<|start_of_role|>assistant<|end_of_role|>Answer<|end_of_text|>', 'Answer'],
    ['[|assistant|]Answer[|endofturn|]\n[|user|]', 'Answer'],
    [']~b]ai\nAnswer[e~[', 'Answer'],
    ['<role>ASSISTANT</role>Answer<role>HUMAN</role>', 'Answer'],
    ['<|begin_of_box|>Answer<|end_of_box|>', 'Answer'],
    ['Answer<｜hy_eos｜><pad><pad>', 'Answer'],
    ['<｜begin▁of▁sentence｜>Answer', 'Answer'],
    ['[gMASK]<sop>Answer<eop>', 'Answer'],
    ['<s>Answer</s>', 'Answer'],
    ['<|begin_of_text|><|Assistant|>\nAnswer<end_of_utterance>', 'Answer'],
    ['f <| g |> h', 'f <| g |> h'],
    ['<|tool_call_begin|>x<|tool_call_end|>', '<|tool_call_begin|>x<|tool_call_end|>'],
  ])('at the marks of a chat template: %j', (text, expected) => {
    expect(readAnswer(text).text).toBe(expected);
  });

  test.each([
    ['\n area of Texas --- \nQuestion: next', 'area of Texas'],
    ['area of Texas\n', 'area of Texas'],
    ['```\narea of Texas\n```', 'area of Texas'],
    ['Here is the query:\n\narea of Texas', 'area of Texas'],
    ['{\n  "query": "area of Texas"\n}', 'area of Texas'],
    ['Here is the query:', 'Here is the query:'],
    ['area of Texas', 'area of Texas'],
    ['', ''],
  ])('with its line, where it is one line: %j', (text, expected) => {
    expect(readAnswer(text, { form: { kind: 'line' } }).text).toBe(expected);
  });

  test('an action is one line, in words or in JSON', () => {
    const form = { kind: 'action', tools: ['search', 'finish'] } as const;
    expect(readAnswer(' [search] Find it. ---\nQuestion', { form }).text).toBe('[search] Find it.');
    expect(readAnswer('{\n "tool": "search",\n "step": "Find it."\n}', { form }).text).toBe('[search] Find it.');
  });
});
