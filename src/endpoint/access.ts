/** Checks who may ask, and how often. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal';

export interface AccessOptions {
  /** Keys that callers may use. Without keys, anybody on this machine may ask. */
  keys: readonly string[];
  /** Requests of one key in a minute. @default 600 */
  requestsPerMinute?: number;
  /** Requests that may be open at the same time, of all keys together. @default 256 */
  maxInFlight?: number;
}

/** The caller of an endpoint without keys: a program or person on this machine. */
export const LOCAL_CALLER = 'local';

const digest = (text: string) => createHash('sha256').update(text).digest();
const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
const MINUTE = 60_000;

/** Checks callers. One object serves one endpoint. */
export class Access {
  private readonly digests: Buffer[];
  private readonly perMinute: number;
  private readonly maxInFlight: number;
  private inFlight = 0;
  private readonly recent = new Map<string, number[]>();

  constructor({ keys, requestsPerMinute = 600, maxInFlight = 256 }: AccessOptions) {
    this.digests = keys.map(digest);
    this.perMinute = requestsPerMinute;
    this.maxInFlight = maxInFlight;
  }

  /**
   * @param authorization the header of that name
   * @param host the header of that name; without keys it must be a local one, so that no web page can reach the port by a name of its own
   * @returns an id of the caller, from which the key cannot be read
   * @throws Refusal (401, 403)
   */
  caller(authorization: string | undefined, host: string | undefined): string {
    if (this.digests.length === 0) {
      if (host !== undefined && LOCAL_HOST.test(host)) return LOCAL_CALLER;
      throw new Refusal(
        403,
        'Without keys only this machine may ask, by the name localhost. Set HUSKY_SERVE_KEY.',
        'local_only',
      );
    }
    const [, key = ''] = /^Bearer\s+(.+)$/i.exec(authorization ?? '') ?? [];
    const given = digest(key);
    // All keys are compared, so that the time does not tell which one was nearly right.
    const known = this.digests.filter((one) => timingSafeEqual(one, given)).length > 0;
    if (!known)
      throw new Refusal(
        401,
        key === '' ? 'A key is needed: Authorization: Bearer KEY.' : 'The key is not known here.',
        'invalid_api_key',
      );
    return given.toString('hex').slice(0, 16);
  }

  /**
   * Counts a request of a caller.
   *
   * @returns a function to call when the request has been answered
   * @throws Refusal (429) that says when to come again
   */
  enter(caller: string, now = Date.now()): () => void {
    const recent = (this.recent.get(caller) ?? []).filter((time) => now - time < MINUTE);
    if (recent.length >= this.perMinute) {
      const wait = Math.ceil((MINUTE - (now - (recent[0] ?? now))) / 1000);
      throw new Refusal(
        429,
        `More than ${this.perMinute} requests in a minute; ask again in ${wait} s.`,
        'rate_limit_exceeded',
        wait,
      );
    }
    if (this.inFlight >= this.maxInFlight)
      throw new Refusal(
        429,
        `${this.maxInFlight} requests are being answered already; ask again soon.`,
        'rate_limit_exceeded',
        5,
      );
    this.recent.set(caller, [...recent, now]);
    this.inFlight += 1;
    let left = false;
    return () => {
      if (!left) this.inFlight -= 1;
      left = true;
    };
  }
}
