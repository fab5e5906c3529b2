/**
 * Joins a client's second attempt to the solution that its first has begun.
 *
 * Clients of OpenAI ask again by themselves when they have waited too long. They send no key of idempotency then, only the number of the
 * attempt. Without this, a question that takes longer than the client's patience would be solved three times at once, and never answered.
 */
import { createHash } from 'node:crypto';
import type { Asked, AskOptions } from './ask';
import type { Call } from './call';

/** Milliseconds for which a solution waits for the next attempt. Clients wait for a minute at most. */
const KEPT_MS = 120_000;
const MOST = 1000;

interface Left {
  request: string;
  workflowId: string;
  at: number;
}

/** The solutions whose clients went away without the answer. One object serves one endpoint. */
export class LeftSolutions {
  private left: Left[] = [];

  /**
   * Asks, and remembers the solution if the client goes away.
   *
   * @param body of the request; a second attempt has the same
   * @param ask begins or joins the solution
   */
  async asked(call: Call, body: unknown, ask: (from: AskOptions) => Promise<Asked>): Promise<Asked> {
    const caller = call.get('caller');
    const idempotencyKey = call.req.header('idempotency-key');
    const request = createHash('sha256')
      .update(JSON.stringify([caller, call.req.path, body]))
      .digest('hex');
    const again = Number(call.req.header('x-stainless-retry-count') ?? 0) > 0;
    const joins = again && idempotencyKey === undefined ? this.take(request) : undefined;
    const asked = await ask({ caller, idempotencyKey, joins });
    const { signal } = call.req.raw;
    const note = () => this.note({ request, workflowId: asked.handle.workflowId, at: Date.now() });
    if (signal.aborted) note();
    else signal.addEventListener('abort', note, { once: true });
    return asked;
  }

  private note(left: Left): void {
    this.left = [...this.left.slice(1 - MOST), left];
  }

  /** Each is taken once, so that two clients who ask the same never share one. */
  private take(request: string): string | undefined {
    const { left } = this;
    const now = Date.now();
    const found = left.find((one) => one.request === request && now - one.at < KEPT_MS);
    this.left = left.filter((one) => one !== found && now - one.at < KEPT_MS);
    return found?.workflowId;
  }
}
