import { isLoopback, proxyFor } from '../../src/http/environment-proxy';

const PROXY = 'http://proxy.corp:8888';

test.each([
  ['https://api.example.com/v1', { HTTPS_PROXY: PROXY }, PROXY],
  ['https://api.example.com/v1', { https_proxy: 'http://lower:1', HTTPS_PROXY: PROXY }, 'http://lower:1'],
  ['https://api.example.com/v1', { https_proxy: '', HTTPS_PROXY: PROXY }, PROXY],
  ['https://api.example.com/v1', { HTTPS_PROXY: 'proxy.corp:8888' }, PROXY],
  ['https://api.example.com/v1', { ALL_PROXY: 'socks5h://proxy.corp:1080' }, 'socks5://proxy.corp:1080'],
  ['https://api.example.com/v1', { HTTP_PROXY: PROXY }, undefined],
  ['http://model.example.com/v1', { HTTP_PROXY: PROXY, HTTPS_PROXY: 'http://other:1' }, PROXY],
  ['https://api.example.com/v1', {}, undefined],
  ['http://127.0.0.1:8001/v1', { HTTP_PROXY: PROXY }, undefined],
  ['http://localhost:8001/v1', { HTTP_PROXY: PROXY }, undefined],
  ['http://[::1]:8001/v1', { HTTP_PROXY: PROXY }, undefined],
] as const)('proxyFor(%j) of %j is %p (K01)', (url, env, expected) => {
  expect(proxyFor(url, env)).toBe(expected);
});

test.each([
  ['*', true],
  ['api.corp', true],
  ['.corp', true],
  ['corp', true],
  ['*.corp', true],
  ['CORP.', true],
  ['localhost, 127.0.0.1 ,.corp', true],
  ['other api.corp', true],
  ['api.corp:443', true],
  ['api.corp:8443', false],
  ['other.corp', false],
  ['orp', false],
  ['', false],
])('NO_PROXY=%j keeps the proxy from https://api.corp: %p', (list, direct) => {
  expect(proxyFor('https://api.corp/v1', { HTTPS_PROXY: PROXY, NO_PROXY: list })).toBe(direct ? undefined : PROXY);
});

test.each([
  ['http://10.1.2.3/', '10.0.0.0/8', true],
  ['http://10.1.2.3/', '10.1.2.3', true],
  ['http://10.1.2.3/', '192.168.0.0/16', false],
  ['http://10.1.2.3/', '2.3', false],
  ['http://[fd00::1]/', 'fd00::/8', true],
  ['http://[fd00::1]/', '[fd00::1]', true],
  ['http://[fd00::1]/', 'fd00::1', true],
  ['http://10.1.2.3/', '10.0.0.0/99', false],
])('addresses and ranges: %j, NO_PROXY=%j: %p', (url, list, direct) => {
  expect(proxyFor(url, { HTTP_PROXY: PROXY, no_proxy: list })).toBe(direct ? undefined : PROXY);
});

test('loopback is told from what begins like it', () => {
  expect(['localhost', 'a.localhost', '127.8.9.1', '[::1]', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true);
  expect(['localhost.example.com', '128.0.0.1', '[::2]'].some(isLoopback)).toBe(false);
});
