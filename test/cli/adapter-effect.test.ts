import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { answersAsBase } from '../../src/cli/session/adapter-effect';
import { parseConfig } from '../../src/config';
import type { ExpertRecord } from '../../src/training/experts';
import { temporaryFolder } from '../temporary-folder';

const data = join(temporaryFolder('adapter-effect'), 'action');
mkdirSync(data);
writeFileSync(
  join(data, 'train.jsonl'),
  [0, 1, 2, 3]
    .map((at) => `${JSON.stringify({ id: `${at}`, tool: 'search', prompt: `Question ${at}:\n`, completion: 'x' })}\n`)
    .join(''),
);
const expert: ExpertRecord = {
  ...{ module: 'action', model: '/experts/action/model', format: 'adapter', base: 'owner/base' },
  ...{ backend: 'sft', steps: 10, data },
};

test('an adapter without effect is told, and one with an effect on one of three prompts is not', async () => {
  let isApplied = true;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (!request.url?.endsWith('/v1/completions')) return void response.writeHead(404).end();
      const { model, prompt } = JSON.parse(body) as { model: string; prompt: string };
      asked.push(`${model} ${prompt.trim()}`);
      const said = isApplied && model === 'action' && prompt.includes('1') ? 'trained' : 'as ever';
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ model, choices: [{ index: 0, text: said, finish_reason: 'stop' }] }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const at = { provider: 'openai', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
  const config = parseConfig({
    prompts: 'expert',
    models: { default: { ...at, model: 'base' }, action: { ...at, model: 'action' } },
  });
  try {
    expect(await answersAsBase(expert, config)).toBeUndefined();
    expect(asked).toEqual(['base', 'action'].flatMap((model) => [0, 1, 2].map((n) => `${model} Question ${n}:`)));
    isApplied = false;
    expect(await answersAsBase(expert, config)).toMatch(/3 prompts of its training word for word as the base does/);
    expect(await answersAsBase({ ...expert, format: 'full' }, config)).toBeUndefined();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
