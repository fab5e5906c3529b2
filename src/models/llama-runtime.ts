/**
 * The llama.cpp instances of this process: one for the processor, one for a GPU. node-llama-cpp is an optional dependency, which is
 * loaded here on first use.
 */
import type { Llama } from 'node-llama-cpp' with { 'resolution-mode': 'import' };
import { createFailure } from '../failures';
import { SharedThings, type Held } from './shared-things';

/** `gpu: false` uses only the processor; `auto` uses a GPU if there is one and the package has a binary for it. */
export type Device = false | 'auto';

const runtimes = new SharedThings<Device, Llama>((llama) => llama.dispose());

/**
 * Models of one device share an instance, which ends with the last of them. Only the package's binaries are used: nothing is built or
 * downloaded.
 *
 * @throws ConfigurationInvalid when the package is not installed or has no binary for this machine
 */
export const holdLlama = (device: Device): Promise<Held<Llama>> => runtimes.hold(device, () => start(device));

async function start(device: Device): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await load();
  try {
    return await getLlama({
      gpu: device,
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
