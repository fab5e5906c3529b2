/**
 * How trained experts are served, and the configuration with which `husky` uses them. Adapters lie over one base in memory and are chosen
 * by each request; nothing is merged.
 */
import { basename, relative } from 'node:path';
import { createFailure } from '../failures';
import { EXPERTS } from '../trajectory/modules';
import type { ExpertRecord } from './experts';

export const SERVERS = ['vllm', 'llama-cpp', 'gguf'] as const;
/** `vllm` and `llama-cpp`: one server with the adapters of one base, or one a full model. `gguf`: in the worker's process. */
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
  /** Folders of Hugging Face weights of bases that are GGUF files. Only vLLM needs them: it lays no adapters over a GGUF file. */
  weights?: Readonly<Record<string, string>>;
}

export interface ServingPlan {
  /** `serve.sh`; empty where nothing needs to be served. */
  script: string;
  /** `convert.sh`: from Hugging Face weights to the GGUF files that are served; empty where none is needed. */
  conversion: string;
  /** `reload.sh`: loads the adapters anew into a server that runs; empty where that takes a restart, or nothing is served. */
  reload: string;
  /** `husky.yaml`, as an object. */
  config: Record<string, unknown>;
}

const DEFAULT_PORT = 8001;
/** Requests at a time of a llama-server, each with a context of its own; the environment's SLOTS and THREADS change both. */
const SLOTS = 8;
const SLOT_TOKENS = 4096;

/** @throws InputInvalid when the experts cannot be served this way */
export function servingPlan(options: ServingOptions): ServingPlan {
  const { server } = options;
  if (server === 'vllm') return vllm(options);
  return server === 'llama-cpp' ? llamaCpp(options) : inProcess(options);
}

function vllm({ experts, folder, style, port = DEFAULT_PORT, rest, weights = {} }: ServingOptions): ServingPlan {
  const unfit = experts.find(({ format }) => format !== 'adapter' && format !== 'full');
  if (unfit)
    throw createFailure(
      'InputInvalid',
      `vLLM serves Hugging Face models and adapters; the ${unfit.module} expert is ${unfit.format}.`,
    );
  const models: Record<string, unknown> = {};
  const commands: string[] = [];
  const loads: string[] = [];
  let next = port;
  for (const [base, adapters] of Map.groupBy(experts.filter(isAdapter), ({ base }) => base)) {
    const served = servedBase(base, weights);
    const modules = adapters.map(({ module, model }) => `${module}=${shell(from(folder, model))}`).join(' ');
    const rank = Math.max(...adapters.map(({ rank = 16 }) => rank));
    commands.push(
      `VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve ${served.argument} --enable-lora --max-loras ${adapters.length} --max-lora-rank ${allowedRank(rank)} --lora-modules ${modules} ${listen(next)}${MORE_OF_VLLM}`,
    );
    for (const { module, model } of adapters) {
      loads.push(`load ${next} ${module} ${shell(from(folder, model))}`);
      models[module] = endpoint(next, module);
    }
    if (rest === undefined) models.default ??= endpoint(next, served.name);
    next += 1;
  }
  for (const { module, model } of experts.filter(({ format }) => format === 'full')) {
    commands.push(
      `vllm serve ${shell(from(folder, model))} --served-model-name ${module} ${listen(next)}${MORE_OF_VLLM}`,
    );
    models[module] = endpoint(next, module);
    next += 1;
  }
  if (!models.default && EXPERTS.some((expert) => !models[expert])) {
    const base = rest ?? experts[0]?.base ?? '';
    commands.push(`vllm serve ${shell(base)} ${listen(next)}${MORE_OF_VLLM}`);
    models.default = endpoint(next, base);
  }
  return { script: together(commands), conversion: '', reload: reloading(loads), config: { prompts: style, models } };
}

/** A base as `vllm serve` takes it, and the name that requests give it. */
function servedBase(base: string, weights: Readonly<Record<string, string>>): { argument: string; name: string } {
  if (!base.endsWith('.gguf')) return { argument: shell(base), name: base };
  const folder = weights[base];
  if (folder === undefined)
    throw createFailure(
      'InputInvalid',
      `vLLM does not lay adapters over a GGUF file, and the dequantised weights of ${base} are not on this machine. Name with HUSKY_BASES the folder in which the trainer keeps them; or write llama-cpp or gguf; or train from Hugging Face weights.`,
    );
  const name = basename(base, '.gguf');
  return { argument: `${shell(folder)} --served-model-name ${shell(name)}`, name };
}

function llamaCpp(options: ServingOptions): ServingPlan {
  const { style, port = DEFAULT_PORT } = options;
  const { files, conversion } = ggufFiles(options);
  const models: Record<string, unknown> = {};
  const commands = [...Map.groupBy(files, ({ file }) => file)].map(([file, chairs], at) => {
    const adapters = chairs.flatMap(({ lora }) => lora ?? []);
    const lora = adapters.length > 0 ? ` --lora ${adapters.map(shell).join(',')} --lora-init-without-apply` : '';
    const environment = adapters.length > 0 ? NO_SAVED_PROMPTS : '';
    const nameOf = ({ name }: GgufFile) => (name === 'default' ? 'base' : name);
    const alias = chairs.map(nameOf).join(',');
    for (const chair of chairs) {
      // A request that names no adapter would get those of the server's own setting.
      const scales = adapters.map((adapter, id) => ({ id, scale: adapter === chair.lora ? 1 : 0 }));
      models[chair.name] = { ...endpoint(port + at, nameOf(chair)), ...(lora ? { body: { lora: scales } } : {}) };
    }
    const slots = `-np "\${SLOTS:-${SLOTS}}" -c "$((\${SLOTS:-${SLOTS}} * ${SLOT_TOKENS}))"\${THREADS:+ -t "$THREADS"}`;
    return `${environment}"\${LLAMA_SERVER:-llama-server}" --model ${shell(file)} --alias ${alias}${lora} ${slots} ${listen(port + at)}`;
  });
  return { script: together(commands), conversion, reload: '', config: { prompts: style, models } };
}

function inProcess(options: ServingOptions): ServingPlan {
  const { files, conversion } = ggufFiles(options);
  const models = Object.fromEntries(
    files.map(({ name, file, ...more }) => [
      name,
      { provider: 'gguf', path: file, ...(more.lora ? { model: name } : {}), ...more },
    ]),
  );
  return { script: '', conversion, reload: '', config: { prompts: options.style, models } };
}

interface GgufFile {
  /** Module, or `default`. */
  name: string;
  file: string;
  lora?: string;
  contextTokens?: number;
}

/**
 * One GGUF file for each chair, with its adapter, and one for the chairs that were not trained: the base of the adapters, if there is one.
 */
function ggufFiles({ experts, folder, rest }: ServingOptions) {
  const lines: string[] = [];
  const convert = (weights: string, file: string) =>
    lines.push(`python3 "$LLAMA_CPP/convert_hf_to_gguf.py" ${shell(weights)} --outfile ${shell(file)} --outtype q8_0`);
  const bases = new Map<string, string>();
  const baseFile = (base: string) => {
    if (base.endsWith('.gguf')) return from(folder, base);
    const file = bases.get(base) ?? (bases.size === 0 ? 'base.gguf' : `base-${bases.size + 1}.gguf`);
    if (!bases.has(base)) convert(base, file);
    bases.set(base, file);
    return file;
  };
  const files = experts.map((expert): GgufFile => {
    const { module, model, format, base, contextTokens, adapterFile } = expert;
    if (format === 'gguf')
      return { name: module, file: from(folder, model), ...(contextTokens === undefined ? {} : { contextTokens }) };
    if (format === 'adapter') {
      const lora = adapterFile ? from(folder, adapterFile) : `${module}-adapter.gguf`;
      if (!adapterFile)
        lines.push(
          `python3 "$LLAMA_CPP/convert_lora_to_gguf.py" ${shell(from(folder, model))} --base ${shell(base)} --outfile ${shell(lora)} --outtype f16`,
        );
      return { name: module, file: baseFile(base), lora };
    }
    convert(from(folder, model), `${module}.gguf`);
    return { name: module, file: `${module}.gguf` };
  });
  if (EXPERTS.some((expert) => !experts.some(({ module }) => module === expert))) {
    const base = rest ?? experts.find(isAdapter)?.base ?? experts[0]?.base ?? '';
    if (base === '')
      throw createFailure('InputInvalid', 'Experts that were not trained need a model, too; name it with --rest.');
    files.push({ name: 'default', file: baseFile(base) });
  }
  const head = [
    '#!/bin/sh',
    '# From Hugging Face weights to GGUF. LLAMA_CPP is a checkout of llama.cpp with its Python requirements installed.',
    'set -eu',
    'cd "$(dirname "$0")"',
  ];
  return { files, conversion: lines.length > 0 ? `${[...head, ...lines].join('\n')}\n` : '' };
}

function isAdapter({ format }: ExpertRecord): boolean {
  return format === 'adapter';
}

/** This machine alone is answered: vLLM's own default is every network, and whoever reaches it may load adapters. */
function listen(port: number): string {
  return `--host "\${LISTEN:-127.0.0.1}" --port ${port}`;
}

function endpoint(port: number, model: string) {
  return { provider: 'openai', baseUrl: `http://127.0.0.1:${port}/v1`, model };
}

/** Arguments that the environment adds: vLLM takes nearly all of a GPU's memory unless it is told otherwise. */
const MORE_OF_VLLM = '${VLLM_ARGS:+ $VLLM_ARGS}';

/** vLLM allocates for one of these ranks. */
function allowedRank(rank: number): number {
  return [8, 16, 32, 64, 128, 256, 320, 512].find((allowed) => allowed >= rank) ?? rank;
}

function together(commands: string[]): string {
  if (commands.length === 0) return '';
  return `#!/bin/sh\n# Serves the experts that husky.yaml names; all end together.\nset -eu\ncd "$(dirname "$0")"\ntrap 'kill 0' INT TERM EXIT\n${commands.map((command) => `${command} &`).join('\n')}\nwait\n`;
}

/**
 * llama-server keeps prompts of the past in memory with what the adapter of then made of them, and goes on from them under any adapter
 * (ggml-org/llama.cpp#26207). Prompts of a slot are forgotten when the adapter changes. Older servers ignore the variable.
 */
const NO_SAVED_PROMPTS = 'LLAMA_ARG_CACHE_RAM=0 ';

/**
 * A running vLLM loads adapters if it was started with VLLM_ALLOW_RUNTIME_LORA_UPDATING. It knows what it has computed of a prompt by the
 * adapter's name and path, so each loading has a path of its own; and an adapter that was loaded in place is read again at every step.
 */
function reloading(loads: string[]): string {
  if (loads.length === 0) return '';
  return `#!/bin/sh
# Puts the adapters of this folder into the server that runs, in the place of those of the same names: after another round of training.
# Requests that come in the moment between are refused.
set -eu
cd "$(dirname "$0")"
ask() { # PORT WHAT BODY
  curl -fsS "http://127.0.0.1:$1/v1/$2_lora_adapter" -H 'Content-Type: application/json' -d "$3"
}
load() { # PORT NAME FOLDER
  rm -rf ".loaded/$2"
  mkdir -p ".loaded/$2"
  path="$PWD/.loaded/$2/$(date +%s)"
  ln -s "$PWD/$3" "$path"
  ask "$1" unload "{\\"lora_name\\": \\"$2\\"}" || true
  ask "$1" load "{\\"lora_name\\": \\"$2\\", \\"lora_path\\": \\"$path\\"}"
}
${loads.join('\n')}
`;
}

function from(folder: string, path: string): string {
  return relative(folder, path) || '.';
}

function shell(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
