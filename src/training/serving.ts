/**
 * How trained experts are served, and the configuration with which `husky` uses them.
 *
 * @module
 */
import { relative } from 'node:path';
import { createFailure } from '../failures';
import { EXPERTS, type Expert } from '../trajectory/modules';
import type { ExpertRecord } from './experts';

export const SERVERS = ['vllm', 'llama-cpp', 'gguf'] as const;
/** `vllm`: one server with LoRA adapters, or one a full model. `llama-cpp`: one server a GGUF file. `gguf`: in the worker's process. */
export type ServerKind = (typeof SERVERS)[number];

export interface ServingOptions {
  server: ServerKind;
  experts: readonly ExpertRecord[];
  /** Folder in which the files are written; paths in them are relative to it. */
  folder: string;
  /** Prompt style that the experts were trained in. */
  style: string;
  /** @default 8001; further servers take the next ones */
  port?: number;
  /** Model of the experts that were not trained (the commonsense reasoner): name or path. @default the base of the action generator */
  rest?: string;
}

export interface ServingPlan {
  /** `serve.sh`; empty where nothing needs to be served. */
  script: string;
  /** `convert.sh`: from Hugging Face weights to the GGUF files that are served; empty where none is needed. */
  conversion: string;
  /** `husky.yaml`, as an object. */
  config: Record<string, unknown>;
}

const DEFAULT_PORT = 8001;

/** @throws InputInvalid when the experts cannot be served this way */
export function servingPlan(options: ServingOptions): ServingPlan {
  const { server } = options;
  if (server === 'vllm') return vllm(options);
  return server === 'llama-cpp' ? llamaCpp(options) : inProcess(options);
}

function vllm({ experts, folder, style, port = DEFAULT_PORT, rest }: ServingOptions): ServingPlan {
  const unfit = experts.find(({ format }) => format !== 'adapter' && format !== 'full');
  if (unfit)
    throw createFailure(
      'InputInvalid',
      `vLLM serves Hugging Face models and adapters; the ${unfit.module} expert is ${unfit.format}.`,
    );
  const trained = forExperts(experts);
  const models: Record<string, unknown> = {};
  const commands: string[] = [];
  let next = port;
  for (const [base, adapters] of groupBy(
    trained.filter(({ format }) => format === 'adapter'),
    ({ base }) => base,
  )) {
    const modules = adapters.map(({ module, model }) => `${module}=${shell(from(folder, model))}`).join(' ');
    const rank = Math.max(...adapters.map(({ rank = 16 }) => rank));
    commands.push(
      `vllm serve ${shell(base)} --enable-lora --max-lora-rank ${allowedRank(rank)} --lora-modules ${modules} --port ${next}`,
    );
    for (const { module } of adapters) models[module] = endpoint(next, module);
    models.default ??= endpoint(next, base);
    next += 1;
  }
  for (const { module, model } of trained.filter(({ format }) => format === 'full')) {
    commands.push(`vllm serve ${shell(from(folder, model))} --served-model-name ${module} --port ${next}`);
    models[module] = endpoint(next, module);
    next += 1;
  }
  if (!models.default && EXPERTS.some((expert) => !models[expert])) {
    const base = rest ?? trained[0]?.base ?? '';
    commands.push(`vllm serve ${shell(base)} --port ${next}`);
    models.default = endpoint(next, base);
  }
  return { script: together(commands), conversion: '', config: { prompts: style, models } };
}

function llamaCpp({ experts, folder, style, port = DEFAULT_PORT, rest }: ServingOptions): ServingPlan {
  const { files, conversion } = ggufFiles(experts, folder, rest);
  const models: Record<string, unknown> = {};
  const commands = files.map(({ name, file }, at) => {
    models[name] = endpoint(port + at, name);
    return `llama-server --model ${shell(file)} --alias ${name} --port ${port + at}`;
  });
  return { script: together(commands), conversion, config: { prompts: style, models } };
}

function inProcess({ experts, folder, style, rest }: ServingOptions): ServingPlan {
  const { files, conversion } = ggufFiles(experts, folder, rest);
  const models = Object.fromEntries(
    files.map(({ name, file, ...more }) => [name, { provider: 'gguf', path: file, ...more }]),
  );
  return { script: '', conversion, config: { prompts: style, models } };
}

interface GgufFile {
  name: string;
  file: string;
  contextTokens?: number;
}

/** One GGUF file an expert, and one for the experts that were not trained. */
function ggufFiles(experts: readonly ExpertRecord[], folder: string, rest: string | undefined) {
  const trained = forExperts(experts);
  const lines: string[] = [];
  const convert = (weights: string, file: string) =>
    lines.push(`python3 "$LLAMA_CPP/convert_hf_to_gguf.py" ${shell(weights)} --outfile ${shell(file)} --outtype q8_0`);
  const files = trained.map((expert): GgufFile => {
    const { module, model, format, base, contextTokens } = expert;
    if (format === 'gguf')
      return { name: module, file: from(folder, model), ...(contextTokens === undefined ? {} : { contextTokens }) };
    const file = `${module}.gguf`;
    const weights = format === 'adapter' ? `${module}-merged` : from(folder, model);
    if (format === 'adapter')
      lines.push(
        `"$TRAINER_PYTHON" -m temporal_husky_trainer.sft_merge --base ${shell(base)} --adapter ${shell(from(folder, model))} --out ${shell(weights)}`,
      );
    convert(weights, file);
    return { name: module as string, file };
  });
  if (EXPERTS.some((expert) => !trained.some(({ module }) => module === expert))) {
    const base = rest ?? trained[0]?.base ?? '';
    if (base.endsWith('.gguf')) files.push({ name: 'default', file: from(folder, base) });
    else {
      if (base === '')
        throw createFailure('InputInvalid', 'Experts that were not trained need a model, too; name it with --rest.');
      convert(base, 'default.gguf');
      files.push({ name: 'default', file: 'default.gguf' });
    }
  }
  const head = [
    '#!/bin/sh',
    '# From Hugging Face weights to GGUF. LLAMA_CPP is a checkout of llama.cpp with its Python requirements installed,',
    '# TRAINER_PYTHON the Python of trainer/requirements-sft.lock, PYTHONPATH its src folder.',
    'set -eu',
    'cd "$(dirname "$0")"',
  ];
  return { files, conversion: lines.length > 0 ? `${[...head, ...lines].join('\n')}\n` : '' };
}

/** Rewriting is done by the commonsense reasoner's model, so only the five experts have models. */
function forExperts(experts: readonly ExpertRecord[]): (ExpertRecord & { module: Expert })[] {
  return experts.filter((expert): expert is ExpertRecord & { module: Expert } =>
    (EXPERTS as readonly string[]).includes(expert.module),
  );
}

function endpoint(port: number, model: string) {
  return { provider: 'openai', baseUrl: `http://127.0.0.1:${port}/v1`, model };
}

/** vLLM allocates for one of these ranks. */
function allowedRank(rank: number): number {
  return [8, 16, 32, 64, 128, 256, 320, 512].find((allowed) => allowed >= rank) ?? rank;
}

function together(commands: string[]): string {
  if (commands.length === 0) return '';
  return `#!/bin/sh\n# Serves the experts that husky.yaml names; all end together.\nset -eu\ncd "$(dirname "$0")"\ntrap 'kill 0' INT TERM EXIT\n${commands.map((command) => `${command} &`).join('\n')}\nwait\n`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

function from(folder: string, path: string): string {
  return relative(folder, path) || '.';
}

function shell(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
