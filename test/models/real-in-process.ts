/** Asks a GGUF file in a process of its own, since jest can't load ESM-only packages such as node-llama-cpp. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { GenerateRequest, Generation } from '../../src/models/model';

export interface Way {
  api: 'chat' | 'completions';
  constrain: 'auto' | 'off';
}

export interface Asked<Module extends string> {
  module: Module;
  request: GenerateRequest;
}

export interface InProcessAnswer<Module extends string> extends Way {
  module: Module;
  generation?: Generation;
  /** Why the model could not be opened in this way. */
  failure?: string;
}

const SCRIPT = `
const { createModel } = require(process.argv[1]);
(async () => {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  const { path, ways, asked } = JSON.parse(input);
  const answers = [];
  for (const way of ways) {
    const config = { provider: 'gguf', path, threads: 2, contextTokens: 2048, ...way };
    const model = await createModel(config).catch((error) => answers.push({ ...way, module: asked[0].module, failure: error.message }) && undefined);
    if (!model) continue;
    for (const { module, request } of asked) answers.push({ ...way, module, generation: await model.generate(request) });
    await model.close();
  }
  process.stdout.write(JSON.stringify(answers));
})();`;

export async function askInProcess<Module extends string>(
  path: string,
  ways: readonly Way[],
  asked: readonly Asked<Module>[],
): Promise<InProcessAnswer<Module>[]> {
  const hook = join(__dirname, 'typescript-hook.cjs');
  const child = spawn(
    process.execPath,
    ['--require', hook, '--eval', SCRIPT, join(__dirname, '../../src/models/index.ts')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  child.stdin.end(JSON.stringify({ path, ways, asked }));
  let written = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) written += chunk as string;
  return JSON.parse(written) as InProcessAnswer<Module>[];
}
