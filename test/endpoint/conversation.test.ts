import { questionOf, turnSchema, type Turn } from '../../src/endpoint/conversation';

const user = (content: Turn['content']): Turn => ({ role: 'user', content });

test('a single turn is the question, word for word', () => {
  expect(questionOf([user('  How tall is K2? ')])).toBe('  How tall is K2? ');
  expect(
    questionOf([
      user([
        { type: 'text', text: 'How tall ' },
        { type: 'input_text', text: 'is K2?' },
      ]),
    ]),
  ).toBe('How tall is K2?');
});

test('instructions and earlier turns stand above the last turn, each with its speaker', () => {
  expect(
    questionOf([
      { role: 'system', content: 'Answer in feet.' },
      user('How tall is K2?'),
      { role: 'assistant', content: '28,251 feet' },
      user('And Everest?'),
    ]),
  ).toBe(
    'Answer in feet.\nConversation so far:\nUser: How tall is K2?\nAssistant: 28,251 feet\n\nQuestion: And Everest?',
  );
});

// open-webui/open-webui#23339 and #9348
test.each([
  '<think>\n[search] height of K2\n8,611 m\n</think>\n\n8,611 m',
  '<details type="reasoning" done="true" duration="3">\n<summary>Thought</summary>\n> [search] height of K2\n</details>\n8,611 m',
])('of an earlier answer the steps are left out, which a client sends back as thinking: %j', (content) => {
  const question = questionOf([user('How tall is K2?'), { role: 'assistant', content }, user('And <think> Everest?')]);
  expect(question).toBe(
    'Conversation so far:\nUser: How tall is K2?\nAssistant: 8,611 m\n\nQuestion: And <think> Everest?',
  );
});

test.each<[string, Turn[], RegExp]>([
  ['an answer as the last turn', [user('x'), { role: 'assistant', content: 'y' }], /last message must be the user/],
  ['an empty question', [user(' ')], /empty/],
  ['an image', [user([{ type: 'image_url' }])], /Message 1 has a part of type image_url/],
])('%s is refused with the reason', (_title, turns, reason) => {
  expect(() => questionOf(turns)).toThrow(reason);
});

test('an answer in the form of a call, and what the caller says of it, are turns like others', () => {
  const turns = [
    { role: 'user', content: 'How old is she?' },
    { role: 'assistant', content: null, tool_calls: [{ id: '1', function: { name: 'f', arguments: '{"age":5}' } }] },
    { role: 'tool', tool_call_id: '1', content: 'Above 10.' },
  ].map((turn) => turnSchema.parse(turn));
  expect(questionOf(turns)).toMatch(/User: How old is she\?\nAssistant: \{"age":5\}\n\nQuestion: Above 10\.$/);
  expect(turnSchema.safeParse({ role: 'function', content: 'x' }).error?.issues[0]?.message).toMatch(/or tool/);
});
