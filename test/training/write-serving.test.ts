import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config';
import { writeServingFiles } from '../../src/training/write-serving';
import { temporaryFolder } from '../temporary-folder';

test('what husky experts --keep takes over finds its files from the new folder', async () => {
  const folder = temporaryFolder('keep');
  const model = join(folder, 'runs/experts/query/model');
  mkdirSync(model, { recursive: true });
  writeFileSync(join(model, 'model.gguf'), '');
  writeFileSync(join(model, '../result.json'), JSON.stringify({ result: { module: 'query', steps: 3 } }));
  writeFileSync(join(model, '../job.json'), JSON.stringify({ base: '', backend: 'tiny' }));
  const gguf = (path: string) => ({ provider: 'gguf', path });
  const kept = {
    prompts: 'few-shot',
    models: { default: gguf('teacher.gguf') },
    search: { index: join(folder, 'facts.db') },
    journalFolder: 'journals',
    mcp: { notes: { command: './server', args: ['notes'] }, far: { url: 'https://example.org/mcp' } },
    tools: [{ name: 'stock', description: 'tells stock', activity: 'stock', model: gguf('writer.gguf') }],
    judge: { ...gguf('judge.gguf'), fallback: [gguf('hf:owner/repo:judge.gguf')] },
  };
  const teacher = join(folder, 'teacher.yaml');
  writeFileSync(teacher, JSON.stringify(kept));
  const path = await writeServingFiles(join(folder, 'runs/experts'), 'expert', {
    server: 'gguf',
    rest: join(folder, 'base.gguf'),
    config: teacher,
  });
  expect(loadConfig({ path, env: {} })).toMatchObject({
    prompts: 'expert',
    search: { index: join(folder, 'facts.db') },
    journalFolder: join(folder, 'journals'),
    mcp: { notes: { cwd: folder }, far: { url: 'https://example.org/mcp' } },
    tools: [{ model: { path: join(folder, 'writer.gguf') } }],
    judge: { path: join(folder, 'judge.gguf'), fallback: [{ path: 'hf:owner/repo:judge.gguf' }] },
  });
  expect((parse(readFileSync(path, 'utf8')) as { journalFolder: string }).journalFolder).toBe('../../journals');
});
