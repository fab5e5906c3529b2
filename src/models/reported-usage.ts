/** Reads how many tokens an answer took, and what a service billed for it, by the names that servers use. */
import { z } from 'zod';
import type { Usage } from '../trajectory/step';

/** Some proxies send numbers as text. */
const count = z.coerce.number().int().nonnegative().optional().catch(undefined);
const none = z.null().transform(() => undefined);
const tokens = z.union([none, count]).optional();
const amount = z.coerce.number().nonnegative().optional().catch(undefined);
const cost = z.union([none, amount]).optional();
const details = (name: string) =>
  z
    .object({ [name]: tokens })
    .nullish()
    .catch(undefined);

/** `prompt_tokens` OpenAI and most, `input_tokens` Anthropic's proxies and OpenAI's newer API. Cached: OpenAI, DeepSeek, Moonshot, Anthropic's proxies. */
export const usageSchema = z
  .object({
    prompt_tokens: tokens,
    input_tokens: tokens,
    completion_tokens: tokens,
    output_tokens: tokens,
    total_tokens: tokens,
    prompt_tokens_details: details('cached_tokens'),
    input_tokens_details: details('cached_tokens'),
    prompt_cache_hit_tokens: tokens,
    cached_tokens: tokens,
    cache_read_input_tokens: tokens,
    /** SGLang's. */
    reasoning_tokens: tokens,
    completion_tokens_details: details('reasoning_tokens'),
    output_tokens_details: details('reasoning_tokens'),
    /** OpenRouter's number; Perplexity's object. */
    cost: z.union([z.object({ total_cost: cost }).transform(({ total_cost }) => total_cost), cost]).optional(),
    is_byok: z.boolean().optional().catch(undefined),
    cost_details: z.object({ upstream_inference_cost: cost }).nullish().catch(undefined),
  })
  .nullish()
  .catch(undefined);

type ReportedUsage = z.output<typeof usageSchema>;

/** xAI and Google leave thinking out of `completion_tokens` and count it in the total, and in the bill. */
export function usageOf(usage: ReportedUsage): Usage {
  const cached =
    usage?.prompt_tokens_details?.cached_tokens ??
    usage?.input_tokens_details?.cached_tokens ??
    usage?.prompt_cache_hit_tokens ??
    usage?.cached_tokens ??
    usage?.cache_read_input_tokens;
  const total = usage?.total_tokens ?? 0;
  const outputs = usage?.completion_tokens ?? usage?.output_tokens;
  const inputTokens = usage?.prompt_tokens ?? usage?.input_tokens ?? Math.max(0, total - (outputs ?? 0));
  return {
    calls: 1,
    inputTokens,
    outputTokens: Math.max(outputs ?? 0, total - inputTokens),
    ...(cached === undefined ? {} : { cachedTokens: cached }),
    ...(usage?.cost === undefined ? {} : { money: usage.cost + providerCost(usage) }),
  };
}

/** With a key of one's own for the provider behind OpenRouter, `cost` is OpenRouter's fee alone. */
function providerCost({ is_byok: isOwnKey, cost_details: details }: NonNullable<ReportedUsage>): number {
  return isOwnKey ? (details?.upstream_inference_cost ?? 0) : 0;
}

export function reasoningTokens(usage: ReportedUsage): number {
  const named = usage?.completion_tokens_details?.reasoning_tokens ?? usage?.output_tokens_details?.reasoning_tokens;
  return named ?? usage?.reasoning_tokens ?? 0;
}
