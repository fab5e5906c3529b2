/** How long something will take, as people say it. */

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** `about 40 s left`, `about 62 min left`, `about 5 h left`, rounded up; an estimate is no more exact. */
export function timeLeft(ms: number): string {
  if (ms <= MINUTE) return `about ${10 * Math.max(1, Math.ceil(ms / SECOND / 10))} s left`;
  return ms <= 3 * HOUR ? `about ${Math.ceil(ms / MINUTE)} min left` : `about ${Math.ceil(ms / HOUR)} h left`;
}
