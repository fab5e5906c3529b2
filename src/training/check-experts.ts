/**
 * Whether trained experts can be served as their configuration says: files, adapters, the style they were trained in, and the border at which
 * a prompt ends.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { modelOf, type HuskyConfig } from '../config';
import { isHubReference } from '../models/hub/hub-reference';
import type { PromptSet } from '../prompts/prompt';
import type { ModuleName } from '../trajectory/modules';
import type { ExpertRecord } from './experts';
import { loadTokenCounter } from './token-counter';
import { trainingSetManifestSchema } from './training-set';

/** Bytes of the largest adapter. Adapters are fetched, copied and loaded by the dozen. */
export const ADAPTER_BYTES = 40_000_000;
/** Rows of a training set that the border is looked at with. */
const ROWS = 20;

export interface ExpertFinding {
  module: ModuleName;
  state: 'ok' | 'problem' | 'unchecked';
  /** What was found; of a problem what to do, too. */
  message: string;
}

export interface CheckOptions {
  experts: readonly ExpertRecord[];
  /** The configuration that serves them; absent where none was written. */
  config?: HuskyConfig;
  prompts?: PromptSet;
}

type Check = (expert: ExpertRecord, options: CheckOptions) => Promise<Omit<ExpertFinding, 'module'> | undefined>;

/** In the order of {@link CheckOptions.experts}; one finding for each check that has something to say. */
export async function checkExperts(options: CheckOptions): Promise<ExpertFinding[]> {
  const findings: ExpertFinding[] = [];
  for (const expert of options.experts)
    for (const check of [weights, adapterSize, chair, style, border]) {
      const found = await check(expert, options);
      if (found) findings.push({ module: expert.module, ...found });
    }
  return findings;
}

const ok = (message: string) => ({ state: 'ok', message }) as const;
const problem = (message: string) => ({ state: 'problem', message }) as const;
const unchecked = (message: string) => ({ state: 'unchecked', message }) as const;

const WEIGHTS: Record<ExpertRecord['format'], RegExp> = {
  adapter: /^adapter_model\.(safetensors|bin)$/,
  full: /\.(safetensors|bin)$/,
  gguf: /\.gguf$/,
  unknown: /(?!)/,
};

const weights: Check = async ({ module, model, format }) => {
  const retrain = `train it again: npx temporal-husky train --module ${module}`;
  if (format === 'gguf') {
    const found = await stat(model).catch(() => undefined);
    return found && found.size > 0
      ? ok(`${megabytes(found.size)} of GGUF`)
      : problem(`${model} is missing or empty; ${retrain}.`);
  }
  const names = (await readdir(model).catch(() => [])).filter((name) => WEIGHTS[format].test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(model, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes === 0) return problem(`${model} holds no weights; ${retrain}.`);
  return ok(`${format === 'adapter' ? 'adapter' : 'model'} of ${megabytes(bytes)}`);
};

const adapterSize: Check = async ({ model, format, adapterFile, rank }) => {
  if (format !== 'adapter') return undefined;
  for (const file of [join(model, 'adapter_model.safetensors'), ...(adapterFile ? [adapterFile] : [])]) {
    const { size } = (await stat(file).catch(() => undefined)) ?? { size: 0 };
    if (size > ADAPTER_BYTES)
      return problem(
        `${file} has ${megabytes(size)}, more than ${megabytes(ADAPTER_BYTES)}; train with a lower rank: --set loraRank=${Math.max(4, Math.floor(((rank ?? 32) * ADAPTER_BYTES) / size / 4) * 4)}.`,
      );
  }
  if (!adapterFile)
    return unchecked('there is no adapter.gguf; convert.sh makes one for llama-server and for running in process');
  return undefined;
};

/** What the configuration says of the module's chair. */
const chair: Check = async ({ module, model, format, adapterFile, base }, { config }) => {
  if (!config)
    return unchecked(
      'no husky.yaml serves it; write one: npx temporal-husky experts FOLDER --write vllm, llama-cpp or gguf',
    );
  const own = config.models[module];
  if (!own)
    return problem(
      `husky.yaml has no model for ${module}, so that ${modelOf(config, module).model ?? 'the default'} answers; write it again: npx temporal-husky experts FOLDER --write ...`,
    );
  if (own.provider === 'gguf') {
    const wanted = format === 'gguf' ? model : base;
    if (!isHubReference(own.path) && !existsSync(own.path))
      return problem(
        `husky.yaml names ${own.path}, which does not exist; run convert.sh, or correct models.${module}.path.`,
      );
    if (format === 'adapter' && own.lora === undefined)
      return problem(
        `husky.yaml names no adapter for ${module}, so that the base alone answers; set models.${module}.lora.`,
      );
    if (own.lora !== undefined && !existsSync(own.lora))
      return problem(
        `husky.yaml names the adapter ${own.lora}, which does not exist; run convert.sh, or correct models.${module}.lora.`,
      );
    if (adapterFile && own.lora && resolve(own.lora) !== resolve(adapterFile))
      return problem(
        `husky.yaml serves the adapter ${own.lora}, and the expert is ${adapterFile}; write husky.yaml again.`,
      );
    if (wanted.endsWith('.gguf') && !isHubReference(own.path) && resolve(own.path) !== resolve(wanted))
      return problem(`husky.yaml serves ${own.path}, and the expert was trained on ${wanted}; write husky.yaml again.`);
    return ok('runs in process');
  }
  const lora = scalesSchema.safeParse(own.body?.lora).data;
  if (format === 'adapter' && own.body?.lora !== undefined && lora?.filter(({ scale }) => scale === 1).length !== 1)
    return problem(
      `husky.yaml lays no adapter over the base for ${module}; body.lora must have scale 1 for its own adapter and 0 for the others.`,
    );
  return ok(`is ${own.model} at ${own.baseUrl}`);
};
const scalesSchema = z.array(z.object({ id: z.number(), scale: z.number() }));

const manifestSchema = trainingSetManifestSchema.pick({ style: true, prompts: true });

/** An expert answers prompts like those that it was trained on, and no others. */
const style: Check = async ({ module, data }, { prompts }) => {
  if (!prompts) return undefined;
  const text = data && (await readFile(join(dirname(data), 'manifest.json'), 'utf8').catch(() => undefined));
  if (!text) return unchecked('its training set is not here, so that the style of its prompts is not known');
  const manifest = manifestSchema.safeParse(JSON.parse(text)).data;
  if (!manifest) return unchecked(`${dirname(data)} does not say the style of its prompts`);
  const { style: trained, prompts: hashes } = manifest;
  if (trained !== prompts.style)
    return problem(
      `it was trained with prompts: ${trained}, and is served with ${prompts.style}; write husky.yaml again with --style ${trained}.`,
    );
  if (hashes[module] !== undefined && hashes[module] !== prompts.hashes[module])
    return problem(
      `the prompts of style ${trained} have changed since it was trained; train it again, or use the version that it was trained with.`,
    );
  return ok(`served as trained: ${trained}`);
};

const rowSchema = z.object({ prompt: z.string(), completion: z.string() });

/** A server makes tokens of the prompt alone; where they differ from those of prompt and answer together, the expert begins with another token than it learnt. */
const border: Check = async ({ data, base }) => {
  const tokenizer = [base, join(base, 'tokenizer.json')].find(
    (path) => (path.endsWith('.gguf') || path.endsWith('.json')) && existsSync(path),
  );
  const rows = await readFile(join(data ?? '', 'train.jsonl'), 'utf8').catch(() => undefined);
  if (!tokenizer || !rows)
    return unchecked(
      `${tokenizer ? 'its training set' : 'the tokenizer of its base'} is not here, so that the border of its prompts is not checked`,
    );
  const counter = await loadTokenCounter(tokenizer);
  try {
    const parsed = rows
      .trim()
      .split('\n')
      .slice(0, ROWS)
      .flatMap((line) => rowSchema.safeParse(JSON.parse(line)).data ?? []);
    const merged = parsed.filter(({ prompt, completion }) => counter.merges?.(prompt, completion)).length;
    if (parsed.length === 0)
      return unchecked('its training set holds conversations, whose border the chat template decides');
    return merged === 0
      ? ok(`no token crosses the end of its prompts (${parsed.length} looked at)`)
      : problem(
          `${merged} of ${parsed.length} prompts end inside a token of its base; use style expert, or another base.`,
        );
  } finally {
    await counter.close?.();
  }
};

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
