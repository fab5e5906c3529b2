/** A client's connection whose wait for the server can be ended. */
import { Connection } from '@temporalio/client';

/** Milliseconds. */
const SLICE = 250;

/**
 * The SDK's connection waits until its deadline, and a channel that is closed meanwhile goes on trying. So this one waits for a short time
 * again and again.
 */
export class PatientConnection extends Connection {
  /** Ends the wait when it is aborted. */
  over: AbortSignal | undefined;

  protected override async untilReady(deadline: number): Promise<void> {
    while (Date.now() < deadline) {
      if (await this.ready(Math.min(deadline, Date.now() + SLICE))) return;
      this.over?.throwIfAborted();
    }
    throw new Error('Failed to connect before the deadline');
  }

  private ready(deadline: number): Promise<boolean> {
    return new Promise((resolve) => this.client.waitForReady(deadline, (error) => resolve(!error)));
  }
}
