/**
 * Requests of a connection that wait for their answer, so that a command that is left can end them.
 *
 * The SDK's `withAbortSignal` adds a listener to the signal for each request and takes none off: a signal that lives as long as a
 * command would keep every request of it, each with a buffer of 64 KiB.
 */
import type { ConnectionOptions } from '@temporalio/client';
import { GRPC } from '../../temporal-server/grpc-status';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Interceptor>;

export class OpenRequests {
  readonly #open = new Set<Call>();

  /** Must come before the retry interceptor, so that a request is open until its last try. */
  readonly interceptor: Interceptor = (options, nextCall) => {
    const call = nextCall(options) as Call;
    const start = call.start.bind(call);
    call.start = (metadata, listener) => {
      this.#open.add(call);
      start(metadata, {
        onReceiveMetadata: (received) => listener?.onReceiveMetadata?.(received),
        onReceiveMessage: (message: unknown) => listener?.onReceiveMessage?.(message),
        onReceiveStatus: (status) => {
          this.#open.delete(call);
          listener?.onReceiveStatus?.(status);
        },
      });
    };
    return call;
  };

  get size(): number {
    return this.#open.size;
  }

  /** Fails open requests as cancelled. */
  end(): void {
    for (const call of this.#open) call.cancelWithStatus(GRPC.CANCELLED, 'The command was left.');
  }
}
