/** Reads when a server wants to be asked again, in the forms that servers use. */

/** The longest wait, so that a server's wrong clock cannot hold a solution for days. */
const LONGEST_MS = 60 * 60 * 1000;
const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Headers in order of preference. Those for the end of a rate window count only if there is nothing better. */
const MILLISECONDS = ['retry-after-ms', 'x-ms-retry-after-ms'];
const WAITS = ['retry-after', 'x-retry-after', 'x-ratelimit-retry-after'];
/** `x-ratelimit-reset-requests`, `anthropic-ratelimit-tokens-reset`, `ratelimitbysize-reset`, ... */
const WINDOW = /rate-?limit.*reset|^ratelimit$/;

/**
 * `retry-after-ms` (OpenAI), `x-ms-retry-after-ms` (Azure), `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), then the
 * words of the body, then the end of the rate window.
 *
 * @param body what the server said, as text
 * @returns milliseconds from now, at most an hour; undefined if the server says nothing usable
 */
export function retryAfterMs(headers: Headers | undefined, now = Date.now(), body = ''): number | undefined {
  const first = (names: readonly string[], read: (value: string) => number | undefined) => {
    for (const name of names) {
      // A header that was sent twice is one list; a date has a comma, too.
      const value = headers?.get(name)?.trim() ?? '';
      const wait = read(/^[\d.]+\s*,/.test(value) ? (value.split(',')[0] ?? '').trim() : value);
      if (wait !== undefined) return wait;
    }
    return undefined;
  };
  const wait =
    first(MILLISECONDS, (value) => number(value)) ??
    first(WAITS, (value) => waitOf(value, now)) ??
    inWords(body, now) ??
    longestWindow(headers, now);
  return wait === undefined ? undefined : Math.min(wait, LONGEST_MS);
}

/** Seconds, a moment in seconds or milliseconds since 1970, a duration (`6m0s`, `PT30S`), or a date. */
function waitOf(value: string, now: number): number | undefined {
  const plain = number(value);
  if (plain !== undefined) {
    if (plain > 1e12) return later(plain, now);
    return plain > 1e9 ? later(plain * 1000, now) : plain * 1000;
  }
  const [, amount, unit] = ONE_AMOUNT.exec(value) ?? [];
  if (amount !== undefined) return inUnit(amount, unit);
  return duration(value) ?? (/\d{2}:\d{2}/.test(value) ? later(Date.parse(value), now) : undefined);
}

const later = (moment: number, now: number) => (Number.isNaN(moment) || moment <= now ? undefined : moment - now);

/** Headers do not say which window is full, so this waits for the last one to end, at most a minute. */
function longestWindow(headers: Headers | undefined, now: number): number | undefined {
  const waits = [...(headers ?? [])]
    .filter(([name]) => WINDOW.test(name))
    .flatMap(([name, value]) => {
      // The IETF's drafts put the end of the window among other members: `limit=10, reset=30`, `"default";r=0;t=30`.
      const member = name === 'ratelimit' ? /\b(?:reset|t)=(\d+)/.exec(value)?.[1] : value.split(',')[0];
      return waitOf(member?.trim() ?? '', now) ?? [];
    })
    .filter((wait) => wait > 0);
  return waits.length === 0 ? undefined : Math.min(Math.max(...waits), 60_000);
}

function number(value: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** `1h2m3.5s`, `250ms`, `PT1M30S`; undefined for anything else. */
function duration(value: string): number | undefined {
  const plain = value.toLowerCase().replace(/^p(\d+d)?t?/, '$1');
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(plain)) return undefined;
  let sum = 0;
  for (const [, amount, unit = ''] of plain.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g))
    sum += Number(amount) * (UNITS[unit] ?? 0);
  return sum;
}

const UNIT = '(milliseconds?|msec|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)';
const AMOUNT = String.raw`(\d+(?:\.\d+)?)\s*${UNIT}?`;
const ONE_AMOUNT = new RegExp(`^${AMOUNT}$`, 'i');
const ASKED = String.raw`(?:(?:try|retry)(?: again)?|retrying|available(?: again)?|resets?) (?:in|after):?(?: about| approximately)?`;
const SAID = [
  // Google: { "retryDelay": "34s" }; others: { "retry_after": 3 }, { "retry_after_ms": 300 }, { "resets_in_seconds": 60 }.
  { pattern: /"?retry_?after_?(?:ms|milliseconds)"?\s*[:=]\s*"?(\d+(?:\.\d+)?)/i, unit: 'ms' },
  {
    pattern: new RegExp(
      String.raw`"?(?:retry[_ ]?(?:delay|after)(?:_?seconds)?|resets?_(?:in|after)(?:_?seconds)?|estimated_time)"?\s*[:=]\s*"?${AMOUNT}`,
      'i',
    ),
    unit: 's',
  },
  // "Please try again in 20s.", "Retry after 20 seconds.", "wait 12 seconds before".
  { pattern: new RegExp(String.raw`${ASKED} ${AMOUNT}(?![\w/])`, 'i'), unit: 's' },
  { pattern: new RegExp(String.raw`wait (?:for )?(?:about )?${AMOUNT}(?![\w/])`, 'i'), unit: 's' },
  // "请在 30 秒后重试": "retry after 30 seconds".
  { pattern: /(\d+(?:\.\d+)?) ?(毫秒|秒|分|小时)钟?(?:之|以)?后/, unit: 's' },
];
const CHINESE: Record<string, string> = { 毫秒: 'ms', 秒: 's', 分: 'm', 小时: 'h' };
/** `1m30.5s`, `2 minutes and 30 seconds`. */
const COMPOUND = new RegExp(String.raw`${ASKED} ((?:\d+(?:\.\d+)?\s*${UNIT}(?:,? and |, ?| ?)){2,})(?![\w/])`, 'i');
/** A moment: "resets at 2026-01-01T12:00:30Z", { "reset_at": ... }, { "X-RateLimit-Reset": "1767268809000" }. */
const MOMENT =
  /(?:resets?[_ -]?at|x-ratelimit-reset)"?\s*[:=]?\s*"?(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?|\d{10,13}(?!\d))/i;

function inWords(body: string, now: number): number | undefined {
  const text = body.slice(0, 10_000);
  const compound = COMPOUND.exec(text)?.[1];
  if (compound !== undefined)
    return [...compound.matchAll(new RegExp(AMOUNT, 'gi'))].reduce(
      (sum, [, amount, unit]) => sum + inUnit(amount, unit),
      0,
    );
  for (const { pattern, unit } of SAID) {
    const [, amount, said] = pattern.exec(text) ?? [];
    if (amount !== undefined) return inUnit(amount, said ?? unit);
  }
  const moment = MOMENT.exec(text)?.[1];
  return moment === undefined ? undefined : waitOf(moment, now);
}

function inUnit(amount: string | undefined, unit = 's'): number {
  const word = CHINESE[unit] ?? unit.toLowerCase();
  return Number(amount) * (UNITS[/^m(s|illi)/.test(word) ? 'ms' : (word[0] ?? 's')] ?? 1000);
}
