/**
 * The payload codec that a configuration names: what workers and commands read and write then passes through it.
 *
 * @module
 */
import { createRequire } from 'node:module';
import type { PayloadCodec } from '@temporalio/common';
import { createFailure } from '../failures';

const load = createRequire(__filename);

/** Names under which a module may export its codec, the first that it has. */
const NAMES = ['default', 'codec', 'payloadCodec'] as const;

/**
 * @param file a JavaScript or TypeScript module that exports a PayloadCodec as `default`, `codec` or `payloadCodec`
 * @throws ConfigurationInvalid when it cannot be loaded or exports none
 */
export function loadPayloadCodec(file: string): PayloadCodec {
  let loaded: unknown;
  try {
    loaded = load(file);
  } catch (error) {
    throw createFailure(
      'ConfigurationInvalid',
      `temporal.codec: ${file} cannot be loaded (${(error as Error).message.split('\n')[0]}).`,
    );
  }
  const exported = [loaded, ...NAMES.map((name) => (loaded as Record<string, unknown> | undefined)?.[name])];
  const codec = exported.find(isCodec);
  if (codec) return codec;
  throw createFailure(
    'ConfigurationInvalid',
    `temporal.codec: ${file} exports no payload codec. Export an object with encode and decode as ${NAMES.join(', ')}.`,
  );
}

function isCodec(value: unknown): value is PayloadCodec {
  const { encode, decode } = (value ?? {}) as Partial<PayloadCodec>;
  return typeof encode === 'function' && typeof decode === 'function';
}

/** What a worker of this configuration is created with. */
export function codecOptions(codec: string | undefined): { dataConverter?: { payloadCodecs: PayloadCodec[] } } {
  return codec === undefined ? {} : { dataConverter: { payloadCodecs: [loadPayloadCodec(codec)] } };
}
