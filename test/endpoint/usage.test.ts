/** What a solution cost, in the fields of each format. */
import { ChatStream, chatCompletion } from '../../src/endpoint/chat-completions';
import type { Asked } from '../../src/endpoint/ask';
import { responseHead, responseOf } from '../../src/endpoint/responses';
import type { Solution } from '../../src/trajectory/step';

const solution = {
  answer: '96',
  steps: [],
  partial: false,
  stopReason: 'finished',
  usage: { calls: 3, inputTokens: 700, outputTokens: 40, cachedTokens: 512 },
} as unknown as Solution;
const asked = { handle: { workflowId: 'husky-1' }, createdAt: 0 } as unknown as Asked;

test('tokens that the model servers took from their caches are told apart', () => {
  const inChat = {
    prompt_tokens: 700,
    completion_tokens: 40,
    total_tokens: 740,
    prompt_tokens_details: { cached_tokens: 512 },
  };
  expect(chatCompletion(asked, solution).usage).toEqual(inChat);
  expect(new ChatStream(asked, true).end(solution).at(-1)).toMatchObject({ usage: inChat });
  expect(responseOf(responseHead('resp_1', 0), solution).usage).toMatchObject({
    input_tokens: 700,
    input_tokens_details: { cached_tokens: 512 },
    total_tokens: 740,
  });
});
