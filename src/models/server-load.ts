/**
 * How busy a model server is, by its own metrics in Prometheus's text format.
 *
 * @module
 */
import { sharedHttpClient } from '../http/http-client';
import { networkReason } from '../http/network-reason';
import type { OpenAIModelConfig } from './model-config';

export interface ServerLoad {
  /** Requests that wait for a place in the batch, whoever sent them. */
  waiting: number;
  /** Share of the cache for keys and values that is taken, 0 to 1; 0 where the server does not say. */
  cache: number;
}

/** Gauges of the servers that queue requests themselves; of several series (engines, models) the sum and the largest count. */
const GAUGES = {
  /** docs.vllm.ai, "Metrics"; docs.sglang.io, "Production Metrics" (`--enable-metrics`); llama.cpp, tools/server (`--metrics`). */
  waiting: ['vllm:num_requests_waiting', 'sglang:num_queue_reqs', 'llamacpp:requests_deferred'],
  /** The second is vLLM's older name. */
  cache: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc', 'sglang:token_usage'],
};
const TIMEOUT_MS = 2000;

/** Where the metrics of an endpoint are: beside its API, `/metrics` in the place of `/v1`. */
export function metricsUrl({ baseUrl }: Pick<OpenAIModelConfig, 'baseUrl'>): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '').replace(/\/v1$/, '')}/metrics`;
  url.search = '';
  return url.href;
}

/** @throws Error when nobody answers there, or without a gauge that is known */
export async function readServerLoad(url: string, signal?: AbortSignal): Promise<ServerLoad> {
  const { status, text } = await sharedHttpClient()
    .send({ url, timeoutMs: TIMEOUT_MS, signal })
    .catch((error: unknown) => {
      throw new Error(`${url} does not answer: ${networkReason(error, url)}`);
    });
  if (status !== 200) throw new Error(`${url} answers ${status}`);
  const waiting = seriesOf(text, GAUGES.waiting);
  if (waiting.length === 0) throw new Error(`${url} has none of ${GAUGES.waiting.join(', ')}`);
  return {
    waiting: waiting.reduce((sum, value) => sum + value, 0),
    cache: Math.max(0, ...seriesOf(text, GAUGES.cache)),
  };
}

function seriesOf(text: string, names: readonly string[]): number[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', value] = /^([\w:]+)(?:\{.*\})?\s+(\S+)/.exec(line) ?? [];
    const number = Number(value);
    return names.includes(name) && Number.isFinite(number) ? [number] : [];
  });
}
