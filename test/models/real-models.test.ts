/**
 * Real models, in process and behind llama-server: `npm run test:models`, where HUSKY_REAL_MODELS names a folder of GGUF files (and of
 * `llama.cpp/build/bin/llama-server`). What a small model answers is its own affair; that an answer ends, has its form and is no
 * part of the prompt is held here, and each answer to the map question is printed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { createModel } from '../../src/models';
import type { GenerateRequest, Generation } from '../../src/models/model';
import { loadPrompts } from '../../src/prompts';
import type { ModuleName } from '../../src/trajectory/modules';
import { freePort } from '../free-port';
import { askInProcess } from './real-in-process';

const folder = process.env.HUSKY_REAL_MODELS ?? '';
const only = process.env.HUSKY_REAL_MODEL_NAMES?.split(',');
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.gguf'))
      .map((name) => name.slice(0, -'.gguf'.length))
      .filter((name) => !only || only.includes(name))
  : [];
const llamaServer = join(folder, 'llama.cpp/build/bin/llama-server');
/** Two cores that others use, too: minutes a prompt are possible. */
const LIMIT_MS = 1_800_000;

const prompts = loadPrompts('few-shot');
const QUESTION = 'How much larger is the area of Texas than that of Washington in square miles?';
const STEP = 'Find the area of Texas in square miles.';
const MODULES: readonly ModuleName[] = ['action', 'query'];

function requestOf(module: ModuleName): GenerateRequest {
  const { text, messages, maxTokens, temperature, stop, form } = prompts.render(module, {
    question: QUESTION,
    history: [],
    ...(module === 'action' ? {} : { step: STEP }),
  });
  return { prompt: text, messages, maxTokens, temperature, stop, form };
}

/** What holds of an answer to the map question, whoever gives it. */
function expectWhole(module: ModuleName, { text, finishReason, problem, usage }: Generation, held: boolean): void {
  expect(text).not.toMatch(/\n|---|<\||<think>|Danube|Question:/);
  expect(usage.inputTokens).toBeGreaterThan(100);
  if (text.trim() === '') expect(problem).toBeDefined();
  else if (module === 'action' && held) expect(text).toMatch(/^\[(code|math|search|commonsense|finish)\] \S/);
  expect(['stop', 'length']).toContain(finishReason);
}

const suite = names.length > 0 ? describe : describe.skip;
if (names.length === 0)
  process.stderr.write('Real models are not tried: HUSKY_REAL_MODELS names no folder of GGUF files.\n');

suite.each(names.length > 0 ? names : ['none'])('%s', (name) => {
  const path = join(folder, `${name}.gguf`);
  const tell = (way: string, module: string, { text, problem }: Generation) =>
    process.stderr.write(`${name}, ${way}, ${module}: ${text || problem}\n`);

  test(
    'in process: chat and completions, constrained and not',
    async () => {
      const ways = (['chat', 'completions'] as const).flatMap((api) =>
        (['auto', 'off'] as const).map((constrain) => ({ api, constrain })),
      );
      const asked = MODULES.map((module) => ({ module, request: requestOf(module) }));
      for (const { api, constrain, module, generation, failure } of await askInProcess(path, ways, asked)) {
        // A pretrained model has no template, and says so.
        if (failure !== undefined) {
          expect(failure).toMatch(/has no chat template; set api: completions/);
          process.stderr.write(`${name}, in process, ${api}: ${failure}\n`);
          continue;
        }
        if (!generation) throw new Error('Neither an answer nor a failure.');
        expectWhole(module, generation, constrain === 'auto');
        tell(`in process, ${api}, constrain ${constrain}`, module, generation);
      }
    },
    LIMIT_MS,
  );

  const behind = existsSync(llamaServer) ? test : test.skip;
  behind(
    'behind llama-server: loading, chat and completions, constrained and not, too long',
    async () => {
      const port = await freePort();
      const server = spawn(
        llamaServer,
        ['-m', path, '--host', '127.0.0.1', '--port', String(port), '-c', '2048', '-np', '1', '-t', '2'],
        { stdio: 'ignore' },
      );
      try {
        const at = (more: object) =>
          createModel({
            provider: 'openai',
            baseUrl: `http://127.0.0.1:${port}/v1`,
            model: name,
            api: 'chat',
            contextTokens: 2048,
            ...more,
          });
        await untilLoaded(server, at);
        for (const api of ['chat', 'completions'] as const)
          for (const constrain of ['auto', 'off'] as const) {
            const model = await at({ api, constrain });
            // The first answer tells what serves, and holds from the second on.
            for (const module of ['action', ...MODULES] as const) {
              const generation = await model.generate(requestOf(module));
              tell(`behind llama-server, ${api}, constrain ${constrain}`, module, generation);
              expectWhole(module, generation, constrain === 'auto');
            }
            await model.close?.();
          }
        const model = await at({});
        await expect(
          model.generate({ prompt: 'word '.repeat(6000), maxTokens: 4, temperature: 0 }),
        ).rejects.toMatchObject({
          type: 'ContextLengthExceeded',
        });
        await model.close?.();
      } finally {
        server.kill();
      }
    },
    LIMIT_MS,
  );
});

/** A server that loads is not there yet, and nothing else. */
async function untilLoaded(server: ChildProcess, at: (more: object) => ReturnType<typeof createModel>): Promise<void> {
  const model = await at({});
  for (let tries = 0; ; tries += 1) {
    try {
      await model.generate({ prompt: 'Hi', maxTokens: 1, temperature: 0 });
      return await model.close?.();
    } catch (error) {
      if (server.exitCode !== null || tries > 1200) throw error;
      expect(error).toBeInstanceOf(ApplicationFailure);
      expect(error).toMatchObject({ type: 'ModelUnavailable', nonRetryable: false });
      await pause(500);
    }
  }
}
