import { nameOfModel } from '../../src/models/model-identity';
import { modelConfigSchema } from '../../src/models/model-config';

test.each([
  [{ provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1', model: 'qwen' }, 'qwen'],
  [{ provider: 'gguf', path: 'models/tiny.gguf' }, 'tiny'],
  [{ provider: 'gguf', path: 'models/tiny.gguf', model: 'action' }, 'action'],
  [{ provider: 'gguf', path: 'hf:owner/repo:file-q4.gguf' }, 'file-q4'],
  [{ provider: 'gguf', path: 'hf:owner/repo@v1:folder/file-q4.gguf' }, 'file-q4'],
])('%j is called %s in results', (model, name) => {
  expect(nameOfModel(modelConfigSchema.parse(model))).toBe(name);
});
