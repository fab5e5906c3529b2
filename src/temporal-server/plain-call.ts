/**
 * Calls a Temporal server on this machine with Node's own HTTP/2. The SDK's client takes longer to load than such a server takes to
 * answer, so questions that need one or two answers are asked here. Anything else (TLS, keys, proxies, retries) is the SDK's.
 */
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';

export interface PlainServer {
  /**
   * One call of Temporal's workflow service.
   *
   * @param method such as `DescribeNamespace`
   * @param request the encoded message
   * @param limitMs milliseconds until it must be answered. @default the server's
   * @returns the encoded answer
   * @throws PlainCallError when the server refuses; Node's error when it cannot be reached or does not answer in time
   */
  call(method: string, request: Uint8Array, limitMs?: number): Promise<Uint8Array>;
  close(): void;
}

export class PlainCallError extends Error {
  override readonly name = 'PlainCallError';

  constructor(
    /** gRPC's status, such as 5 for not found. */
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';
/** A message follows a byte that says whether it is compressed, and four that hold its length. */
const FRAME = 5;

/**
 * @param address `host:port` of a server without TLS
 * @param limitMs milliseconds until a call must be answered
 */
export function openPlainServer(address: string, limitMs: number): PlainServer {
  const session = connect(`http://${address}`);
  // A call in flight rejects by itself; without one nobody waits for the connection.
  session.on('error', () => undefined);
  return {
    call: (method, request, ownLimit = limitMs) => answerOf(session, method, request, AbortSignal.timeout(ownLimit)),
    close: () => session.destroy(),
  };
}

function answerOf(
  session: ClientHttp2Session,
  method: string,
  request: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const frame = Buffer.alloc(FRAME + request.length);
  frame.writeUInt32BE(request.length, 1);
  frame.set(request, FRAME);
  return new Promise((resolve, reject) => {
    const headers = {
      ':method': 'POST',
      ':path': SERVICE + method,
      'content-type': 'application/grpc',
      te: 'trailers',
    };
    const stream = session.request(headers, { signal });
    const parts: Buffer[] = [];
    let end: IncomingHttpHeaders = {};
    stream.on('response', (sent) => (end = sent));
    stream.on('trailers', (sent) => (end = sent));
    stream.on('data', (part: Buffer) => parts.push(part));
    // Node destroys a stream whose connection fails with an error of its own, which has the reason as its cause.
    stream.on('error', (error) => reject((error.cause as Error | undefined) ?? error));
    session.once('error', reject);
    stream.on('close', () => {
      session.off('error', reject);
      const { 'grpc-status': code, 'grpc-message': message = '' } = end;
      if (code === '0') resolve(Buffer.concat(parts).subarray(FRAME));
      else if (code === undefined) reject(new Error(`no gRPC answer (HTTP status ${end[':status'] ?? 'missing'})`));
      else reject(new PlainCallError(Number(code), decodeURIComponent(String(message))));
    });
    stream.end(frame);
  });
}
