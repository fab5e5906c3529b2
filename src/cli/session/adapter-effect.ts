/** Whether an adapter has an effect. A server that knows its modules by other names answers with the base alone, without a word. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelOf, type HuskyConfig } from '../../config';
import { createModel } from '../../models';
import type { GenerateRequest } from '../../models/model';
import type { ModelConfig } from '../../models/model-config';
import type { ExpertRecord } from '../../training/experts';
import { trainingLineSchema } from '../../training/training-set';

/** Prompts of its training that the expert and the base are asked. */
const PROMPTS = 3;
const TOKENS = 24;
const LIMIT_MS = 120_000;

/** @returns the problem, in words; undefined if the answers differ, or there is nothing to compare: no base is served, or no data is here */
export async function answersAsBase(expert: ExpertRecord, config: HuskyConfig): Promise<string | undefined> {
  const base = config.models.default;
  const requests = expert.format === 'adapter' && base ? await requestsOf(expert) : [];
  if (!base || requests.length === 0) return undefined;
  const plain = await answersTo(requests, base).catch(() => undefined);
  if (plain === undefined) return undefined;
  const own = await answersTo(requests, modelOf(config, expert.module)).catch((error: Error) => error.message);
  if (typeof own === 'string') return own;
  if (own.some((text, at) => text !== plain[at])) return undefined;
  return `it answers ${requests.length} prompts of its training word for word as the base does: the server does not apply its adapter (vLLM does so with some bases that also read images, vllm#34186), or the training changed nothing`;
}

async function requestsOf({ data = '' }: ExpertRecord): Promise<GenerateRequest[]> {
  const text = await readFile(join(data, 'train.jsonl'), 'utf8').catch(() => '');
  const lines = text.split('\n', PROMPTS).filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const { prompt } = trainingLineSchema.parse(JSON.parse(line));
    const asked = typeof prompt === 'string' ? { prompt } : { prompt: prompt.at(-1)?.content ?? '', messages: prompt };
    return { ...asked, maxTokens: TOKENS, temperature: 0 };
  });
}

async function answersTo(requests: readonly GenerateRequest[], config: ModelConfig): Promise<string[]> {
  const model = await createModel(config, { timeoutMs: LIMIT_MS });
  try {
    const texts: string[] = [];
    for (const request of requests)
      texts.push((await model.generate(request, { signal: AbortSignal.timeout(LIMIT_MS) })).text);
    return texts;
  } finally {
    await model.close?.();
  }
}
