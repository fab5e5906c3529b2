/** What embedding servers refuse, by their source or as it was reported; the repository and the commit stand beside each case. */
import { createEmbedder } from '../../src/search';
import { embeddingConfigSchema } from '../../src/search/embedding-config';
import { startEmbeddings, type EmbeddingService } from './embedding-service';

let service: EmbeddingService;
beforeEach(async () => (service = await startEmbeddings()));
afterEach(() => service.close());

const TEXTS = Array.from({ length: 11 }, (_, at) => `text ${at}`);
const embedder = () => createEmbedder(embeddingConfigSchema.parse({ baseUrl: service.url, model: 'meaning' }), {});
const refuse = (status: number, body: object) => service.replies.unshift({ status, body });
const sizes = () => service.asked.map(({ body }) => (body as { input: string[] }).input.length);

test.each([
  // huggingface/text-embeddings-inference 0d124dc, router/src/http/server.rs and types.rs; SiliconFlow says the same
  [422, { message: 'batch size 11 > maximum allowed batch size 8', code: 422, type: 'Validation' }],
  // memodb-io/memobase#142: DashScope
  [
    400,
    {
      error: {
        message:
          '<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.: input.contents',
        code: 'InvalidParameter',
      },
    },
  ],
  // vercel/ai#16101: Google
  [
    400,
    { error: { code: 400, message: '* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch' } },
  ],
  // michaelfeil/infinity fcb951c, fastapi_schemas/pydantic_v2.py
  [
    422,
    {
      detail: [
        { type: 'too_long', loc: ['body', 'input'], msg: 'List should have at most 8 items after validation, not 11' },
      ],
    },
  ],
  [413, { message: 'Payload Too Large' }],
])('too many texts are asked for by halves, and no more in the next request: %i %j', async (status, body) => {
  refuse(status, body);
  const one = embedder();
  expect(await one.embed(TEXTS, 'passage')).toHaveLength(TEXTS.length);
  expect(service.texts).toEqual(TEXTS);
  expect(sizes()).toEqual([11, 5, 5, 1]);
  await one.embed(TEXTS.slice(0, 7), 'passage');
  expect(sizes().slice(4)).toEqual([5, 2]);
});

test.each([
  // text-embeddings-inference 0d124dc, core/src/tokenization.rs, where --auto-truncate is off
  [422, { message: '`inputs` must have less than 512 tokens. Given: 600', code: 422, type: 'Validation' }],
  // SGLang 0.5.23, srt/managers/tokenizer_manager.py
  [400, { message: "The input (600 tokens) is longer than the model's context length (512 tokens).", code: 400 }],
  // EricLBuehler/mistral.rs 9e92262
  [422, { message: 'Prompt sequence length is greater than 512, perhaps consider using `truncate_sequence`?' }],
  // ollama/ollama fb30760, llm/llama_server.go
  [400, { error: { message: 'the input length exceeds the context length', type: 'invalid_request_error' } }],
  // llama.cpp: the batch of which it speaks holds tokens
  [
    400,
    {
      error: {
        message:
          'input (600 tokens) is too large to process. increase the physical batch size (current batch size: 512)',
      },
    },
  ],
])('too long a text is told, with what to set: %i %j', async (status, body) => {
  refuse(status, body);
  await expect(embedder().embed(['a', 'b'], 'passage')).rejects.toMatchObject({
    type: 'SearchRequestRejected',
    message: expect.stringContaining('Lower search.embeddings.maxChars') as string,
  });
  expect(sizes()).toEqual([2]);
});

// text-embeddings-inference 0d124dc, router/src/http/server.rs
test.each([
  [424, { message: 'CUDA error: out of memory', code: 424, type: 'Backend' }],
  [429, { message: 'Model is overloaded', code: 429, type: 'Overloaded' }],
])('a server whose model failed or is busy is asked again: %i', async (status, body) => {
  refuse(status, body);
  await expect(embedder().embed(['a'], 'query')).rejects.toMatchObject({
    type: 'SearchUnavailable',
    nonRetryable: false,
  });
});
