/** What a refusal teaches of a server, and what it does not: a field is left out for good only where that has helped. */
import { createOpenAIModel } from '../../src/models';
import { answer, startMisbehavingServer, status, type Behaviour } from './misbehaving-server';
import { REQUEST, said } from './seen-answer';

type Sent = Record<string, unknown>;

/** What two calls end in, one after the other, and the bodies of their requests. */
async function askTwice(choose: (sent: Sent, nth: number) => Behaviour) {
  const server = await startMisbehavingServer(({ body }, nth) => choose(body, nth));
  const model = createOpenAIModel({ baseUrl: server.url, model: 'tiny', api: 'chat' });
  const ends: string[] = [];
  const bodies: Sent[][] = [];
  for (const before of [0, 1]) {
    const { length } = server.requests;
    ends[before] = await model.generate(REQUEST).then(
      ({ text }) => text,
      (error: { type?: string }) => error.type ?? String(error),
    );
    bodies[before] = server.requests.slice(length).map(({ body }) => body);
  }
  await model.close?.();
  await server.close();
  return { ends, first: bodies[0]!, second: bodies[1]! };
}

test.each([
  // vllm-project/vllm#36789, in its newer and its older form, and as LiteLLM passes it on
  said('max_tokens must be at least 1, got -7584. (parameter=max_tokens, value=-7584)', { param: 'max_tokens' }),
  { object: 'error', message: 'max_tokens must be at least 1, got -904.', type: 'BadRequestError', param: null },
  said('max_tokens must be at least 1, got 0.', { type: 'BadRequestError' }),
  said('litellm.BadRequestError: OpenAIException - max_tokens must be at least 1, got -904.', { code: '400' }),
  // Bedrock (Titan)
  said('Too many input tokens. Max input tokens: 8192, request input token count: 9000'),
])('a prompt that leaves no room for an answer is too long, and no field is at fault: %j', async (body) => {
  const { ends, first, second } = await askTwice((_, nth) => (nth === 0 ? status(400, { body }) : answer('24')));
  expect(ends).toEqual(['ContextLengthExceeded', '24']);
  expect(first).toHaveLength(1);
  expect(second).toMatchObject([{ max_tokens: REQUEST.maxTokens }]);
});

test('a value that we did not send is no fault of our field', async () => {
  const body = said('temperature must be at most 2, got 3.5', { param: 'temperature' });
  const { ends, second } = await askTwice((_, nth) => (nth === 0 ? status(400, { body }) : answer('24')));
  expect(ends).toEqual(['ModelRequestRejected', '24']);
  expect(second).toMatchObject([{ temperature: 0 }]);
});

test.each(['temperature must be > 0, got 0', "temperature must be > 0, got '0.0'"])(
  'a value that we sent is left out, in the next call too: %s',
  async (message) => {
    const { ends, first, second } = await askTwice((sent) =>
      'temperature' in sent ? status(400, { body: said(message) }) : answer('24'),
    );
    expect(ends).toEqual(['24', '24']);
    expect(first).toHaveLength(2);
    expect(second).toHaveLength(1);
  },
);

test('a field that was left out in vain is sent again', async () => {
  // Whatever is asked is refused at first, each time for another field.
  const choose = (sent: Sent, nth: number) => {
    const name =
      ['temperature', 'stop', 'max_completion_tokens', 'max_tokens'].find((one) => one in sent) ?? 'messages';
    return nth < 5 ? status(400, { body: said(`${name} is not supported`, { param: name }) }) : answer('24');
  };
  const { ends, first, second } = await askTwice(choose);
  expect(ends).toEqual(['ModelRequestRejected', '24']);
  expect(first).toHaveLength(5);
  expect(second).toMatchObject([{ temperature: 0, stop: REQUEST.stop, max_tokens: REQUEST.maxTokens }]);
});

test('calls at once learn together', async () => {
  const server = await startMisbehavingServer(({ body }) =>
    'temperature' in body
      ? status(400, { body: said('temperature is not supported', { param: 'temperature' }) })
      : Number(body.max_tokens) > 100
        ? status(400, { body: said('max_tokens must be at most 100', { param: 'max_tokens' }) })
        : answer('24'),
  );
  const model = createOpenAIModel({ baseUrl: server.url, model: 'tiny', api: 'chat' });
  await Promise.all([model.generate({ ...REQUEST, maxTokens: 50 }), model.generate(REQUEST)]);
  const { length } = server.requests;
  await model.generate(REQUEST);
  expect(server.requests.slice(length).map(({ body }) => body.max_tokens)).toEqual([100]);
  await model.close?.();
  await server.close();
});
