/**
 * Payloads that somebody's codec has encoded: without that codec a command shows that instead of failing on the first of them.
 *
 * @module
 */
import type { Payload, PayloadCodec } from '@temporalio/common';
import { ProgramError } from '../../process/program-error';

/** The SDK's METADATA_ENCODING_KEY, which is not worth loading the SDK. */
const ENCODING = 'encoding';
/** The encodings of Temporal's own data converters. */
const READABLE = /^(json|binary)\/(plain|null|protobuf)$/;
const PREFIX = '(encoded as ';
const text = { encode: new TextEncoder(), decode: new TextDecoder() };

/** Reads what it can: through the codec of the configuration, if there is one, and the rest as a note that it is encoded. */
export function tolerantCodec(codec?: PayloadCodec): PayloadCodec {
  return {
    encode: async (payloads) => (codec ? codec.encode(payloads) : payloads),
    decode: async (payloads) => (codec ? await codec.decode(payloads) : payloads).map(readable),
  };
}

function readable(payload: Payload): Payload {
  const encoding = text.decode.decode(payload.metadata?.[ENCODING] ?? new Uint8Array());
  if (READABLE.test(encoding)) return payload;
  return {
    metadata: { [ENCODING]: text.encode.encode('json/plain') },
    data: text.encode.encode(JSON.stringify(encodedNote(encoding))),
  };
}

/** What stands for a payload that only a codec can read. */
export const encodedNote = (encoding: string) => `${PREFIX}${encoding || 'nothing known'})`;

/** @throws ProgramError (1) when `value` stands for an encoded payload */
export function mustBeReadable<T>(value: T, id: string): T {
  if (typeof value === 'string' && value.startsWith(PREFIX))
    throw new ProgramError(
      `The solution ${id} is ${value.slice(1, -1)} by a codec that this command does not have. Name the codec in the configuration (temporal.codec), or read the solution in the Temporal UI with a codec server.`,
      1,
    );
  return value;
}
