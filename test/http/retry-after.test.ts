import { retryAfterMs } from '../../src/http/retry-after';
import { createRedactor } from '../../src/http/redact';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each([
  [{ 'retry-after': '120' }, 120_000],
  [{ 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': 'Sun, 01 Jan 2040 00:00:00 GMT' }, 3_600_000],
  [{ 'retry-after-ms': '20.5' }, 20.5],
  [{}, undefined],
])('retryAfterMs of %j is %p', (headers, expected) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>), NOW)).toBe(expected);
});

test.each([
  [{ 'x-ms-retry-after-ms': '1500' }, '', 1500],
  [{ 'retry-after': '6m0s' }, '', 360_000],
  [{ 'retry-after': '2026-01-01T12:00:30Z' }, '', 30_000],
  [{ 'retry-after': String(NOW / 1000 + 12) }, '', 12_000],
  [{ 'x-ratelimit-reset-requests': '120ms', 'x-ratelimit-reset-tokens': '6.5s' }, '', 6500],
  [{ 'x-ratelimit-reset': String(NOW + 7000) }, '', 7000],
  [{ 'anthropic-ratelimit-tokens-reset': '2026-01-01T12:00:05Z' }, '', 5000],
  [{}, 'Rate limit reached. Please try again in 20s. Visit', 20_000],
  [{}, 'Please try again in 1m30.5s.', 90_500],
  [{}, 'try again in 850ms', 850],
  [{}, 'Please retry after 30 seconds.', 30_000],
  [{}, 'Please wait 2 minutes before', 120_000],
  [{}, '{"retryDelay": "34s"}', 34_000],
  [{}, '{"retry_after": 1.5}', 1500],
  [{}, '{"retry_after_ms": 300}', 300],
  [{}, 'Your quota will reset after 4s.', 4000],
  [{}, 'Try again in 2 minutes and 30 seconds.', 150_000],
  [{}, 'Retry after: 20', 20_000],
  [{}, '{"error":{"resets_in_seconds":120}}', 120_000],
  [{}, '{"error":"loading","estimated_time":20.5}', 20_500],
  [{}, 'Rate limit resets at 2026-01-01T12:00:30Z', 30_000],
  [{ 'retry-after': '30 seconds' }, '', 30_000],
  [{}, 'Try again in about 45 seconds.', 45_000],
  [{}, '请求过于频繁，请在 30 秒后重试', 30_000],
  [{}, '请 5 分钟后再试', 300_000],
  [{}, `{"headers":{"X-RateLimit-Reset":"${NOW + 9000}"}}`, 9000],
  [{ ratelimit: '"default";r=0;t=30' }, '', 30_000],
  [{ ratelimit: 'limit=10, remaining=0, reset=30' }, '', 30_000],
  [{ 'ratelimitbysize-reset': '32' }, '', 32_000],
  [{ 'x-ratelimit-reset-tokens-minute': '12.5' }, '', 12_500],
  [{ 'retry-after': '5, 5' }, '', 5000],
  [{}, 'Try again in the next release', undefined],
  [{}, 'Limit 60 per minute reached, used 60', undefined],
  [{ 'retry-after': '3' }, 'try again in 20s', 3000],
])('a time to wait is read however it is written: %j %j is %p', (headers, body, expected) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>), NOW, body)).toBe(expected);
});

test('a redactor hides longer secrets first and leaves short values alone', () => {
  const redact = createRedactor(['secret-key', 'secret-key-long', 'on', undefined]);
  expect(redact('on secret-key-long, secret-key')).toBe('on [secret], [secret]');
});
