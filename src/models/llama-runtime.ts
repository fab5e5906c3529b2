/**
 * The one llama.cpp of this process. node-llama-cpp is an optional dependency and loaded only here, on first use.
 *
 * @module
 */
import type { Llama } from 'node-llama-cpp' with { 'resolution-mode': 'import' };
import { createFailure } from '../failures';

let runtime: Promise<Llama> | undefined;
let holders = 0;

/**
 * All models share one instance, on the CPU, from the binaries that come with the package: nothing is built or downloaded.
 *
 * @throws ConfigurationInvalid when the package is not installed or has no binary for this machine
 */
export async function acquireLlama(): Promise<Llama> {
  holders += 1;
  runtime ??= start();
  try {
    return await runtime;
  } catch (error) {
    holders -= 1;
    runtime = undefined;
    throw error;
  }
}

/** The last model that is closed ends the instance with it. */
export async function releaseLlama(): Promise<void> {
  holders -= 1;
  if (holders > 0) return;
  const last = runtime;
  runtime = undefined;
  await (await last)?.dispose();
}

async function start(): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await load();
  try {
    return await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.error,
    });
  } catch (error) {
    throw createFailure(
      'ConfigurationInvalid',
      `node-llama-cpp has no working binary for this machine (${(error as Error).message}); use a model server instead (provider: openai).`,
    );
  }
}

async function load() {
  try {
    return await import('node-llama-cpp');
  } catch (error) {
    throw createFailure(
      'ConfigurationInvalid',
      `Models of provider gguf need the package node-llama-cpp, which could not be loaded (${(error as Error).message.split('\n')[0]}). Install it with: npm install node-llama-cpp@^3.22.1.`,
    );
  }
}
