/** models/real, which `npm start -- --experts real` runs: what its configuration names is there, and its base is fetched by name. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadConfig } from '../../src/config';

const file = join(__dirname, '../../models/real/husky.yaml');
const models = Object.values(loadConfig({ path: file }).models).filter((model) => model.provider === 'gguf');

test('each chair has an adapter of a few megabytes over one base', () => {
  const adapters = models.flatMap(({ lora }) => lora ?? []);
  expect(adapters).toHaveLength(5);
  for (const adapter of adapters) {
    const path = resolve(dirname(file), adapter);
    const head = Buffer.alloc(4);
    const handle = openSync(path, 'r');
    readSync(handle, head, 0, 4, 0);
    closeSync(handle);
    expect(head.toString()).toBe('GGUF');
    expect(statSync(path).size).toBeLessThan(5_000_000);
  }
  expect(new Set(models.map(({ path }) => path)).size).toBe(1);
});
