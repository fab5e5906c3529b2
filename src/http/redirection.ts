/** Where a redirected request goes next, and which of its headers go with it. */

/** Method and body are kept, but for 303: a POST stays a POST. @returns undefined if the answer redirects nowhere */
export function redirection(status: number, location: string | string[] | undefined, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  if (!URL.canParse(location, from.href)) return undefined;
  return new URL(location, from);
}

/** Headers that describe the body, and hold no key. */
const WITHOUT_KEY = /^(content-type|accept|accept-encoding|user-agent|range)$/i;

/** All headers to the same origin, also from HTTP to HTTPS of one host. Only those that hold no key to another. */
export function headersAfter(headers: Record<string, string>, from: URL, to: URL): Record<string, string> {
  if (to.origin === from.origin || isUpgrade(from, to)) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => WITHOUT_KEY.test(name)));
}

/** At the ports of the schemes; behind another port may be somebody else. */
const isUpgrade = (from: URL, to: URL) =>
  from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname && !from.port && !to.port;
