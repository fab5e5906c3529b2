/** `concurrency: auto` with a model server that batches three calls and queues the others, as vLLM does with more than three. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scriptSolutions } from '../../src/testing';
import { eventually } from '../cli/command';
import { startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(180_000);

const BATCH = 3;
const CALL_MS = 400;

let temporal: TestServer;
beforeAll(async () => {
  temporal = await startServer();
});
afterAll(() => temporal.stop());

let running = 0;
let answered = 0;
const queue: (() => void)[] = [];
const model = createServer((request, response) => {
  if (request.url === '/metrics')
    return response.end(`vllm:num_requests_waiting{model_name="m"} ${queue.length}.0\nvllm:kv_cache_usage_perc 0.1\n`);
  request.resume();
  queue.push(() => {
    setTimeout(() => {
      running -= 1;
      answered += 1;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          object: 'text_completion',
          choices: [{ index: 0, text: '[finish] 96', finish_reason: 'stop' }],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
      admit();
    }, CALL_MS);
  });
  admit();
});
/** Whether calls are taken from the queue: as soon as it is long, and not before, however slowly a busy machine fills it. */
let isOpen = false;
function admit(): void {
  isOpen ||= queue.length > 10;
  while (isOpen && running < BATCH) {
    const next = queue.shift();
    if (!next) return;
    running += 1;
    next();
  }
}
beforeAll(() => new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => model.close(resolve)));

test('calls wait in Temporal, where another host can take them, and not at the model server', async () => {
  const script = scriptSolutions([spiders]);
  const baseUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
  const action = { provider: 'openai' as const, baseUrl, model: 'm', concurrency: 'auto' as const };
  await withWorkers(
    temporal,
    { config: { queues: { mode: 'separate' }, models: { default: action } }, parts: { search: script.parts.search } },
    async (husky) => {
      const handles = await Promise.all(
        Array.from({ length: 200 }, (_, i) => husky.start(`How many legs are ${i} spiders?`)),
      );
      await eventually(() => isOpen);
      // All but what the next look will find in the batch is held back, long before the questions are through.
      await eventually(() => queue.length <= 1);
      expect(answered).toBeLessThan(handles.length - 10);
      const answers = await Promise.all(handles.map(async (handle) => (await handle.result()).answer));
      expect(answers).toEqual(handles.map(() => '96'));
    },
  );
});
