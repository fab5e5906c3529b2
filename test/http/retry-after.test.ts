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

test('a redactor hides longer secrets first and leaves short values alone', () => {
  const redact = createRedactor(['secret-key', 'secret-key-long', 'on', undefined]);
  expect(redact('on secret-key-long, secret-key')).toBe('on [secret], [secret]');
});
