import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsUrl, readServerLoad } from '../../src/models/server-load';

/** What the servers print, each with labels and lines of its own. */
const PAGES = {
  vllm: `# HELP vllm:num_requests_waiting Number of requests waiting to be processed.
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0",model_name="code"} 3.0
vllm:num_requests_waiting{engine="1",model_name="code"} 4.0
vllm:num_requests_running{engine="0",model_name="code"} 256.0
vllm:kv_cache_usage_perc{engine="0",model_name="code"} 0.25
vllm:kv_cache_usage_perc{engine="1",model_name="code"} 0.75
`,
  'older vllm': 'vllm:num_requests_waiting{model_name="a b} c"} 2.0\nvllm:gpu_cache_usage_perc{model_name="x"} 0.5\n',
  sglang: 'sglang:num_queue_reqs{model_name="m"} 1.0\nsglang:token_usage{model_name="m"} 0.28\n',
  'llama.cpp': 'llamacpp:requests_processing 4\nllamacpp:requests_deferred 9\n',
  other: 'http_requests_total 5\n',
};

const server = createServer((request, response) => {
  const page = PAGES[decodeURIComponent(request.url?.split('/')[1] ?? '') as keyof typeof PAGES];
  response.statusCode = page && request.url?.endsWith('/metrics') ? 200 : 404;
  response.end(page ?? '');
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
const url = (name: string) =>
  metricsUrl({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${encodeURIComponent(name)}/v1` });

test.each([
  ['vllm', { waiting: 7, cache: 0.75 }],
  ['older vllm', { waiting: 2, cache: 0.5 }],
  ['sglang', { waiting: 1, cache: 0.28 }],
  ['llama.cpp', { waiting: 9, cache: 0 }],
])('%s says how many requests wait, and how full its cache is', async (name, load) => {
  expect(await readServerLoad(url(name))).toEqual(load);
});

test('a server that says nothing of the kind is told apart from one that is idle', async () => {
  await expect(readServerLoad(url('other'))).rejects.toThrow(/other\/metrics has none of vllm:num_requests_waiting/);
  await expect(readServerLoad('http://127.0.0.1:9/metrics')).rejects.toThrow(
    /127.0.0.1:9\/metrics does not answer: ECONNREFUSED/,
  );
  await expect(readServerLoad(url('absent'))).rejects.toThrow(/absent\/metrics answers 404/);
});

test.each([
  ['http://gpu:8001/v1', 'http://gpu:8001/metrics'],
  ['http://gpu:8001/v1/', 'http://gpu:8001/metrics'],
  ['http://gpu:8001', 'http://gpu:8001/metrics'],
  ['https://gateway/code/v1?x=1', 'https://gateway/code/metrics'],
])('metrics of %s are at %s', (baseUrl, expected) => {
  expect(metricsUrl({ baseUrl })).toBe(expected);
});
