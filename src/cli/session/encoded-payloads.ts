/**
 * Payloads that somebody's codec has encoded: without that codec, or with another key, a command shows that instead of failing on the first
 * of them.
 */
import type { Payload, PayloadCodec } from '@temporalio/common';
import { ProgramError } from '../../process/program-error';
import { oneLine } from '../../trajectory/bounded-text';

/** The SDK's METADATA_ENCODING_KEY, which is not worth loading the SDK. */
const ENCODING = 'encoding';
/** The encodings of Temporal's own data converters. */
const READABLE = /^(json|binary)\/(plain|null|protobuf)$/;
const PREFIX = '(encoded as ';
const UNDECODED = ', which the codec of the configuration cannot decode: ';
const text = { encode: new TextEncoder(), decode: new TextDecoder() };

/** Reads what it can: through the codec of the configuration, if there is one, and the rest as a note that it is encoded. */
export function tolerantCodec(codec?: PayloadCodec): PayloadCodec {
  return {
    encode: async (payloads) => (codec ? codec.encode(payloads) : payloads),
    decode: async (payloads) => (codec ? decoded(codec, payloads) : payloads.map((payload) => readable(payload))),
  };
}

/** One payload that the codec cannot decode does not hide the others. */
async function decoded(codec: PayloadCodec, payloads: Payload[]): Promise<Payload[]> {
  try {
    const all = await codec.decode(payloads);
    if (all.length !== payloads.length) throw new Error(`it made ${all.length} payloads of ${payloads.length}`);
    return all.map((payload) => readable(payload));
  } catch (error) {
    if (payloads.length > 1) return Promise.all(payloads.map(async (one) => (await decoded(codec, [one]))[0] ?? one));
    return payloads.map((payload) => readable(payload, `${UNDECODED}${oneLine((error as Error).message, 120)}`));
  }
}

function readable(payload: Payload, why = ''): Payload {
  const encoding = text.decode.decode(payload.metadata?.[ENCODING] ?? new Uint8Array());
  if (READABLE.test(encoding)) return payload;
  return {
    metadata: { [ENCODING]: text.encode.encode('json/plain') },
    data: text.encode.encode(JSON.stringify(encodedNote(encoding, why))),
  };
}

/** What stands for a payload that only a codec can read. */
export const encodedNote = (encoding: string, why = '') => `${PREFIX}${encoding || 'nothing known'}${why})`;

/** @throws ProgramError (1) when `value` stands for an encoded payload */
export function mustBeReadable<T>(value: T, id: string): T {
  if (typeof value !== 'string' || !value.startsWith(PREFIX)) return value;
  const what = `The solution ${id} is ${value.slice(1, -1)}`;
  throw new ProgramError(
    value.includes(UNDECODED)
      ? `${what}. Another key may have encoded it; correct what temporal.codec of the configuration uses.`
      : `${what} by a codec that this command does not have. Name the codec in the configuration (temporal.codec), or read the solution in the Temporal UI with a codec server.`,
    1,
  );
}
