/** A model with fallbacks, which answer when it cannot. */
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../failures';
import { addUsage } from '../trajectory/step';
import type { CallOptions, GenerateRequest, Generation, Model } from './model';
import { once } from '../process/once';

/** Kinds of failure that can make a fallback answer. */
export const FALLBACK_KINDS = [
  'unavailable',
  'overloaded',
  'invalid',
  'authentication',
  'missing',
  'rejected',
  'context',
  'empty',
  'filtered',
] as const;
export type FallbackKind = (typeof FALLBACK_KINDS)[number];

/** Failures that another server may not have. Too long a prompt and an empty answer are left out: they need a model chosen for that. */
const DEFAULT_FALLBACK_KINDS: readonly FallbackKind[] = [
  'unavailable',
  'overloaded',
  'invalid',
  'authentication',
  'missing',
];

/** Failures after which a model of the configuration answers as a fallback. */
export const fallbackKinds = ({ on = DEFAULT_FALLBACK_KINDS }: { on?: readonly FallbackKind[] }) => on;

const KIND_OF_TYPE: Partial<Record<FailureType, FallbackKind>> = {
  ModelUnavailable: 'unavailable',
  ModelNotLoadable: 'unavailable',
  ModelBlocked: 'unavailable',
  ModelOverloaded: 'overloaded',
  ModelResponseInvalid: 'invalid',
  ModelAuthentication: 'authentication',
  ModelNotFound: 'missing',
  ModelRequestRejected: 'rejected',
  ContextLengthExceeded: 'context',
};

export interface Fallback {
  on: readonly FallbackKind[];
  /** Opened when it is first needed. */
  open: () => Promise<Model>;
}

/** Asks the models in order until one answers. If none does, throws the failure of the first. */
export function withFallbacks(first: Model, fallbacks: readonly Fallback[]): Model {
  const opened = new Map<Fallback, Promise<Model>>();

  async function generate(request: GenerateRequest, options: CallOptions = {}): Promise<Generation> {
    let result = await attempt(first, request, options);
    const original = result;
    for (const fallback of fallbacks) {
      const kind = kindOf(result);
      if (kind === undefined) break;
      if (!fallback.on.includes(kind)) continue;
      const spent = 'generation' in result ? [result.generation.usage] : [];
      const next = await once(opened, fallback, fallback.open).then(
        (model) => attempt(model, request, options),
        (error: unknown) => ({ error }),
      );
      if ('error' in next) continue;
      result = { generation: { ...next.generation, usage: addUsage(...spent, next.generation.usage) } };
    }
    if ('error' in result) throw (original as { error: unknown }).error;
    return result.generation;
  }

  return {
    name: first.name,
    countTokens: first.countTokens?.bind(first),
    contextTokens: first.contextTokens,
    generate,
    close: async () => {
      const others = await Promise.allSettled(opened.values());
      await Promise.all([
        first.close?.(),
        ...others.map((one) => (one.status === 'fulfilled' ? one.value.close?.() : undefined)),
      ]);
    },
  };
}

type Result = { generation: Generation } | { error: unknown };

async function attempt(model: Model, request: GenerateRequest, options: CallOptions): Promise<Result> {
  try {
    return { generation: await model.generate(request, options) };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { error };
  }
}

function kindOf(result: Result): FallbackKind | undefined {
  if ('error' in result)
    return result.error instanceof ApplicationFailure ? KIND_OF_TYPE[result.error.type as FailureType] : undefined;
  const { text, finishReason } = result.generation;
  if (finishReason === 'content-filter' || finishReason === 'refusal') return 'filtered';
  return text.trim() === '' ? 'empty' : undefined;
}
