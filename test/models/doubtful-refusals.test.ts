/** Rejections whose status blames the request and whose words blame the server: asked again, and not for ever. */
import { answer, status } from './misbehaving-server';
import { REQUEST, said, seeBy } from './seen-answer';

const DOUBTFUL: [number, object][] = [
  [400, said('No models provided', { code: 400 })],
  [400, said("We could not parse the JSON body of your request. (HINT: This likely means you aren't ...)")],
  // UKGovernmentBEIS/inspect_ai#3715
  [400, said('The request body is not valid JSON: unexpected end of data: line 1 column 18030593 (char 18030592)')],
  [400, said('The server had an error while processing your request. Sorry about that!')],
  [400, { error: 'upstream request timeout' }],
  [400, said('Provider returned error', { code: 502 })],
  [422, said('Something went wrong', { type: 'server_error' })],
  [400, said('Something went wrong', { type: 'InternalServerError', code: 'internal_error' })],
  [403, said('Upstream request failed: [server_error]')],
];

test('a rejection that may pass by itself is asked for again', async () => {
  const seen = await Promise.all(
    DOUBTFUL.map(([code, body]) => seeBy((_body, _path, nth) => (nth === 0 ? status(code, { body }) : answer('24')))),
  );
  expect(seen).toEqual(DOUBTFUL.map(() => expect.objectContaining({ text: '24', requests: 2 })));
});

test('one that does not pass is a rejection after three requests, and no refused key', async () => {
  const seen = await Promise.all(DOUBTFUL.map(([code, body]) => seeBy(() => status(code, { body }))));
  const rejected = { type: 'ModelRequestRejected', nonRetryable: true, requests: 3 };
  expect(seen).toEqual(DOUBTFUL.map(() => expect.objectContaining(rejected)));
});

test.each<[number, object, object]>([
  [400, said('Unknown field', { type: 'invalid_request_error' }), { type: 'ModelRequestRejected' }],
  [400, said('The model `x` does not exist', { type: 'server_error' }), { type: 'ModelNotFound' }],
  [403, said('Your key is forbidden here', { type: 'server_error' }), { type: 'ModelAuthentication' }],
  [403, said('You may not use this'), { type: 'ModelAuthentication' }],
  [400, said('Content filter', { type: 'server_error', code: 'content_filter' }), { finishReason: 'content-filter' }],
  [400, said('prompt is too long: 9 tokens > 8 maximum', { code: 500 }), { type: 'ContextLengthExceeded' }],
])('what is plain is asked once: %i %j', async (code, body, end) => {
  expect(await seeBy(() => status(code, { body }))).toMatchObject({ ...end, requests: 1 });
});

test('a wait ends with its call', async () => {
  const call = new AbortController();
  const waiting = seeBy(
    () => {
      setTimeout(() => call.abort(new Error('left')), 100);
      return status(400, { body: said('No models provided') });
    },
    REQUEST,
    { signal: call.signal },
  );
  const begun = Date.now();
  await expect(waiting).rejects.toThrow('left');
  expect(Date.now() - begun).toBeLessThan(900);
});
