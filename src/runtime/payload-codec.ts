/** The payload codec that a configuration names: what workers and commands read and write then passes through it. */
import { createRequire } from 'node:module';
import type { PayloadCodec } from '@temporalio/common';
import { createFailure } from '../failures';

const load = createRequire(__filename);

/** Names under which a module may export its codec, the first that it has. */
const NAMES = ['default', 'codec', 'payloadCodec'] as const;

const UNCOMPILED =
  ' Node runs TypeScript only where imports name their files in full (./key.ts) and nothing but types has to be taken away; else name the compiled .js file.';

/**
 * @param file a JavaScript or TypeScript module that exports a PayloadCodec, or a promise of one, as `default`, `codec` or `payloadCodec`
 * @throws ConfigurationInvalid when it cannot be loaded or exports none
 */
export function loadPayloadCodec(file: string): PayloadCodec {
  const invalid = (why: string) => createFailure('ConfigurationInvalid', `temporal.codec: ${why}`);
  if (/https?:\/+/.test(file))
    throw invalid(
      `${file} is an address. It takes a module with the codec itself; codec servers are for the Temporal UI.`,
    );
  let loaded: unknown;
  try {
    loaded = load(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw invalid(
      code === 'ERR_REQUIRE_ASYNC_MODULE'
        ? `${file} awaits something while it is loaded. Let encode and decode await it.`
        : `${file} cannot be loaded (${message.split('\n')[0]}).${/\.[cm]?ts$/.test(file) ? UNCOMPILED : ''}`,
    );
  }
  const exported = [loaded, ...NAMES.map((name) => (loaded as Record<string, unknown> | undefined)?.[name])];
  const codec = exported.find(isCodec);
  if (codec) return codec;
  const promise = exported.find(isPromise);
  if (promise) return whenReady(promise, () => invalid(`${file} exports a promise of something else than a codec.`));
  throw invalid(
    `${file} exports no payload codec, but ${whatIs(loaded)}. Export an object with encode and decode (of a class, an instance) as ${NAMES.join(' or ')}.`,
  );
}

/** As of a class that fetches its key first: `EncryptionCodec.create()` of Temporal's samples. */
function whenReady(promise: Promise<unknown>, invalid: () => Error): PayloadCodec {
  const ready = promise.then((codec) => {
    if (!isCodec(codec)) throw invalid();
    return codec;
  });
  ready.catch(() => undefined); // Each use tells it.
  return {
    encode: async (payloads) => (await ready).encode(payloads),
    decode: async (payloads) => (await ready).decode(payloads),
  };
}

/** Names and kinds of a module's exports, for people whose codec has another form. */
function whatIs(loaded: unknown): string {
  const kind = (value: unknown) =>
    typeof value === 'function' ? 'a function or class' : Array.isArray(value) ? 'a list' : `${typeof value}`;
  if (typeof loaded !== 'object' || loaded === null || Array.isArray(loaded)) return kind(loaded);
  const own = Object.entries(loaded).filter(([name]) => name !== '__esModule');
  const named = own.map(([name, value]) => `${name} (${kind(value)})`);
  return named.slice(0, 5).join(', ') || 'nothing';
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

function isCodec(value: unknown): value is PayloadCodec {
  const { encode, decode } = (value ?? {}) as Partial<PayloadCodec>;
  return typeof encode === 'function' && typeof decode === 'function';
}

/** What a worker of this configuration is created with. */
export function codecOptions(codec: string | undefined): { dataConverter?: { payloadCodecs: PayloadCodec[] } } {
  return codec === undefined ? {} : { dataConverter: { payloadCodecs: [loadPayloadCodec(codec)] } };
}
