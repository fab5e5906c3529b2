/** Reads how busy a model server is from its metrics in Prometheus's text format. */
import { sharedHttpClient } from '../http/http-client';
import { networkReason } from '../http/network-reason';
import type { OpenAIModelConfig } from './model-config';

export interface ServerLoad {
  /** Requests of all clients that wait for a place in the batch. */
  waiting: number;
  /** Used share of the key-value cache, 0 to 1; 0 if the server does not say. */
  cache: number;
}

/** Gauges of servers that queue requests. Of several series (engines, models), waiting requests are added and the largest cache use counts. */
const GAUGES = {
  /** docs.vllm.ai, "Metrics"; docs.sglang.io, "Production Metrics" (`--enable-metrics`); llama.cpp, tools/server (`--metrics`). */
  waiting: ['vllm:num_requests_waiting', 'sglang:num_queue_reqs', 'llamacpp:requests_deferred'],
  /** The second is vLLM's older name. */
  cache: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc', 'sglang:token_usage'],
};
const TIMEOUT_MS = 2000;

/** Address of an endpoint's metrics: `/metrics` instead of `/v1`. */
export function metricsUrl({ baseUrl }: Pick<OpenAIModelConfig, 'baseUrl'>): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '').replace(/\/v1$/, '')}/metrics`;
  url.search = '';
  return url.href;
}

/** @throws Error if the server does not answer, or has no known gauge */
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
