import { headersAfter } from '../../src/http/redirection';

const sent = { authorization: 'Bearer key', 'x-api-key': 'key', accept: 'application/json' };
const after = (from: string, to: string) => headersAfter(sent, new URL(from), new URL(to));

// tiylabs/tiygate#26, aio-libs/aiohttp#5848
test('a key goes with a request from HTTP to HTTPS of the same host', () => {
  expect(after('http://models.example/v1', 'https://models.example/v1')).toEqual(sent);
});

test.each([
  ['http://models.example/v1', 'https://other.example/v1'],
  ['https://models.example/v1', 'http://models.example/v1'],
  ['http://models.example:8000/v1', 'https://models.example/v1'],
  ['http://models.example/v1', 'https://models.example:8443/v1'],
  ['http://models.example/v1', 'https://sub.models.example/v1'],
])('and from %s to %s no key does', (from, to) => {
  expect(after(from, to)).toEqual({ accept: 'application/json' });
});
