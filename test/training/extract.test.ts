import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfFile } from '../../src/files/fingerprint';
import { loadPrompts } from '../../src/prompts';
import { loadTokenCounter } from '../../src/training/token-counter';
import { extract, type ExtractOptions } from '../../src/training/extract';
import { trainingLineSchema } from '../../src/training/training-set';
import type { ModuleName } from '../../src/trajectory/modules';
import type { Trajectory } from '../../src/trajectory/trajectory';
import { temporaryFolder } from '../temporary-folder';
import { mapTrajectory, plainPrompts, votedTrajectory, writeLines } from './trajectories';

const folder = temporaryFolder('training');
let runs = 0;

async function extracted(trajectories: unknown[], options: Partial<ExtractOptions> = {}) {
  runs += 1;
  const path = join(folder, `${runs}.jsonl`);
  writeLines(path, trajectories);
  const out = join(folder, `set-${runs}`);
  const result = await extract({ trajectories: path, out, prompts: plainPrompts, devShare: 0, ...options });
  return { ...result, lines: (module: ModuleName, split = 'train') => read(join(out, module, `${split}.jsonl`)) };
}

function read(path: string): { id: string; tool: string; prompt: string; completion: string }[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** A tokenizer of bytes with some merges, as `tokenizer.json` of a base. */
function tokenizerWith(...merges: [string, string][]): string {
  const printed = (code: number) => (code >= 33 && code <= 126) || (code >= 161 && code <= 255 && code !== 173);
  let next = 256;
  const letters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(printed(code) ? code : next++));
  const path = join(folder, 'tokenizer.json');
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  writeFileSync(
    path,
    JSON.stringify({
      version: '1.0',
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: bytes,
      post_processor: null,
      decoder: bytes,
      model: {
        type: 'BPE',
        vocab: Object.fromEntries([...letters, ...merges.map((pair) => pair.join(''))].map((token, id) => [token, id])),
        merges: merges.map((pair) => pair.join(' ')),
      },
    }),
  );
  return path;
}

describe('extract', () => {
  test('teaches the action generator each next step and the finish, with the history before it alone', async () => {
    const { lines } = await extracted([mapTrajectory(0)]);
    const action = lines('action');
    expect(action.map(({ completion }) => completion)).toEqual([
      '[search] Find the area of Texas.',
      '[search] Find the area of Washington.',
      '[code] Compute the difference of the areas divided by 10.',
      '[math] Check that 10 is positive.',
      '[finish] The answer is 19723.4000.',
    ]);
    expect(action[0]?.prompt).toContain('None');
    expect(action[1]?.prompt).toContain('Texas has an area of 268,596');
    expect(action[1]?.prompt).not.toContain('71,362');
  });

  test('teaches code, math and query modules from the steps of their tool alone', async () => {
    const { lines } = await extracted([mapTrajectory(0)]);
    expect(lines('query').map(({ completion }) => completion)).toEqual(['area of Texas', 'area of Washington state']);
    expect(lines('code').map(({ completion }) => completion)).toEqual(['console.log((268_596 - 71_362) / 10);']);
    expect(lines('math').map(({ completion }) => completion)).toEqual(['Since 10 > 0, it is positive.']);
    expect(lines('query')[0]?.prompt).not.toContain('Texas: 268,596 square miles');
  });

  test('teaches rewriting when asked, with the raw result in the prompt', async () => {
    const { lines } = await extracted([mapTrajectory(0)], { modules: ['code-rewrite', 'search-rewrite'] });
    expect(lines('search-rewrite')[0]).toMatchObject({
      completion: 'Texas has an area of 268,596 square miles.',
      prompt: expect.stringContaining('Result: Texas: 268,596 square miles') as string,
    });
    expect(lines('code-rewrite')).toHaveLength(1);
  });

  test('the same seed gives the same bytes, another seed another split', async () => {
    const many = Array.from({ length: 200 }, (_, index) => mapTrajectory(index));
    const hashes = async (seed: number) => {
      const { out } = await extracted(many, { seed, devShare: 0.2, maxToolShare: 0.3 });
      return Promise.all(['train', 'dev'].map((split) => sha256OfFile(join(out, 'action', `${split}.jsonl`))));
    };
    const first = await hashes(1);
    expect(await hashes(1)).toEqual(first);
    expect(await hashes(2)).not.toEqual(first);
  });

  test('splits by question, so that no question is on both sides', async () => {
    const many = Array.from({ length: 300 }, (_, index) => mapTrajectory(index % 100, { id: `maps:${index}:0` }));
    const { lines, manifest } = await extracted(many, { devShare: 0.3 });
    const questions = (split: string) => new Set(lines('action', split).map(({ prompt }) => prompt.split('\n')[1]));
    const dev = questions('dev');
    expect(dev.size).toBeGreaterThan(10);
    expect([...questions('train')].filter((question) => dev.has(question))).toEqual([]);
    expect(manifest.statistics.trajectories.questions).toEqual({ train: 100 - dev.size, dev: dev.size });
  });

  test('drops duplicate examples and counts them', async () => {
    const { manifest } = await extracted([mapTrajectory(0), mapTrajectory(0, { id: 'maps:0:1' })]);
    expect(manifest.statistics.modules.action).toMatchObject({ train: 5, dropped: { duplicate: 5 } });
    expect(manifest.statistics.modules.query).toMatchObject({ train: 2, dropped: { duplicate: 2 } });
  });

  test('drops what is longer than the limit by the tokenizer', async () => {
    const words = { name: 'words', count: (text: string) => text.split(/\s+/).length };
    const { manifest, lines } = await extracted([mapTrajectory(0)], { tokens: words, maxTokens: 60 });
    expect(manifest.statistics.modules.action?.dropped['too-long']).toBeGreaterThan(0);
    for (const { prompt, completion } of lines('action'))
      expect(words.count(prompt) + words.count(completion)).toBeLessThanOrEqual(60);
  });

  test('counts the examples whose prompt ends within a token of the base; style expert has none (R01)', async () => {
    const base = await loadTokenCounter(tokenizerWith([':', '['], [':', 'Ċ'], [']', 'Ġ']));
    const counted = async (style: 'few-shot' | 'expert') => {
      const { manifest } = await extracted([mapTrajectory(0), mapTrajectory(1)], {
        prompts: loadPrompts(style),
        tokens: base,
        maxTokens: 1e6,
      });
      return manifest.statistics.modules;
    };
    const { action, query } = await counted('few-shot');
    expect(action?.mergedBorders).toBe(action?.train);
    expect(query?.mergedBorders).toBeUndefined();
    for (const { mergedBorders } of Object.values(await counted('expert'))) expect(mergedBorders).toBeUndefined();
  });

  test('leaves rejected trajectories out with their reasons, and takes them in when asked', async () => {
    const rejected = mapTrajectory(1, { accepted: false, rejection: 'wrong-answer' });
    const { manifest } = await extracted([mapTrajectory(0), rejected]);
    expect(manifest.statistics).toMatchObject({
      trajectories: { read: 2, kept: 1 },
      rejections: { 'wrong-answer': 1 },
    });
    const all = await extracted([mapTrajectory(0), rejected], { includeRejected: true });
    expect(all.manifest.statistics.trajectories.kept).toBe(2);
  });

  test('keeps test questions out, exact and by n-grams', async () => {
    const testSet = join(folder, 'test-set.jsonl');
    const passage = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen';
    writeLines(testSet, [
      { index: 0, question: mapTrajectory(0).question.toUpperCase(), answer: '' },
      { index: 1, question: passage, answer: '' },
    ]);
    const near = mapTrajectory(1, { question: `${passage} and then some` });
    const { manifest } = await extracted([mapTrajectory(0), near, mapTrajectory(2, { question: 'Something else?' })], {
      testSets: [testSet],
    });
    expect(manifest.statistics.rejections).toEqual({ 'in a test set (exact)': 1, 'in a test set (n-gram)': 1 });
    expect(manifest.decontamination).toEqual({ ngram: 8, share: 0.7, sets: ['test-set.jsonl'] });
  });

  test('balances tools: no tool exceeds its share, the rare ones lose nothing', async () => {
    const many = Array.from({ length: 400 }, (_, index) => mapTrajectory(index));
    const { manifest } = await extracted(many, { maxToolShare: 0.3 });
    const tools = manifest.statistics.modules.action?.tools ?? {};
    const total = Object.values(tools).reduce((sum, count) => sum + count, 0);
    expect((tools.search ?? 0) / total).toBeLessThan(0.34);
    expect(tools.code).toBe(400);
    expect(manifest.statistics.modules.query?.train).toBeGreaterThan(400);
  });

  test('writes the conversational format for chat models', async () => {
    const { lines } = await extracted([mapTrajectory(0)], { format: 'conversational' });
    const [line] = lines('query');
    expect(trainingLineSchema.parse(line)).toEqual({
      id: 'maps:0:0#0',
      tool: 'search',
      prompt: [{ role: 'user', content: expect.stringContaining('Find the area of Texas') as string }],
      completion: [{ role: 'assistant', content: 'area of Texas' }],
    });
  });

  test('does not teach what inference would read back otherwise, or a program without a result', async () => {
    const bad = mapTrajectory(0);
    const steps = bad.steps.map((step) => ({ ...step }));
    steps[0]!.step = 'Find the area\nof Texas.';
    delete steps[2]!.observation;
    steps[3]!.output = 'First.\nStep: something else';
    const { manifest, lines } = await extracted([{ ...bad, steps }]);
    expect(manifest.statistics.modules.action?.dropped).toEqual({ 'not-read-back': 1 });
    expect(manifest.statistics.modules.code?.dropped).toEqual({ 'no-result': 1 });
    expect(manifest.statistics.modules.math?.dropped).toEqual({ 'not-read-back': 1 });
    expect(lines('code')).toEqual([]);
  });

  test('of answers to the whole question it teaches the right ones, each without the others, and no vote to the action generator', async () => {
    const { manifest, lines } = await extracted([votedTrajectory()]);
    expect(lines('action').map(({ completion }) => completion)).toEqual([
      '[math] Solve the question.',
      '[code] Solve the question.',
      '[finish] The answer is 19723.4.',
    ]);
    expect(lines('math').map(({ completion }) => completion)).toEqual([
      expect.stringContaining('boxed{19723.4}'),
      expect.stringContaining('the answer is 19,723.4'),
    ]);
    expect(lines('math')[1]?.prompt).not.toContain('197,234');
    expect(manifest.statistics.modules.code).toMatchObject({ train: 0, dropped: { 'another-answer': 1 } });
    expect(manifest.statistics.modules.action?.dropped).toEqual({ vote: 1 });
  });

  test('names modules that got nothing', async () => {
    const searchOnly = mapTrajectory(0, { steps: mapTrajectory(0).steps.slice(0, 2) });
    const { empty } = await extracted([searchOnly]);
    expect(empty).toEqual(['code', 'math']);
  });
});

describe('bad input of extract', () => {
  const failing = (trajectories: unknown[], options?: Partial<ExtractOptions>) =>
    extracted(trajectories, options).then(
      () => {
        throw new Error('accepted');
      },
      (error: Error & { type?: string }) => error,
    );

  test('a malformed line is named with file and number, and the earlier training set stays whole', async () => {
    const { out } = await extracted([mapTrajectory(0)]);
    const before = await sha256OfFile(join(out, 'action', 'train.jsonl'));
    const error = await failing([mapTrajectory(0), mapTrajectory(1), '{"version":1,', mapTrajectory(2)], { out });
    expect(error).toMatchObject({
      type: 'InputInvalid',
      message: expect.stringMatching(/\d+\.jsonl line 3 is not JSON/) as string,
    });
    expect(await sha256OfFile(join(out, 'action', 'train.jsonl'))).toBe(before);
  });

  test('a missing field is named', async () => {
    const { answer: _answer, ...rest } = mapTrajectory(1);
    const error = await failing([mapTrajectory(0), rest]);
    expect(error.message).toMatch(/line 2 is not a trajectory: answer:/);
  });

  test('a torn last line is left out', async () => {
    const path = join(folder, 'torn.jsonl');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, `${JSON.stringify(mapTrajectory(0))}\n{"version":1,"id":"ma`);
    const { manifest } = await extract({ trajectories: path, out: join(folder, 'torn'), prompts: plainPrompts });
    expect(manifest.statistics.trajectories.read).toBe(1);
  });

  test('a JSON array is no torn line, though no newline ends it', async () => {
    const path = join(folder, 'array.jsonl');
    writeFileSync(path, JSON.stringify([mapTrajectory(0)]));
    const extracting = extract({ trajectories: path, out: join(folder, 'array'), prompts: plainPrompts });
    await expect(extracting).rejects.toThrow(/array\.jsonl line 1 is not a trajectory but a JSON array/);
  });

  test('a test set without a question is refused: it would keep nothing out', async () => {
    const path = join(folder, 'no-questions.jsonl');
    writeFileSync(path, '\n');
    const error = await failing([mapTrajectory(0)], { testSets: [path] });
    expect(error.message).toMatch(/no-questions\.jsonl holds no question, so nothing could be kept out of training/);
  });

  test.each(['absent', 'owner/model'])('a tokenizer at %s is told what it must be', async (name) => {
    await expect(loadTokenCounter(join(folder, name))).rejects.toThrow(
      /there is no such file\)\. It must be a tokenizer\.json, a folder that holds one, or a GGUF file/,
    );
  });

  test('programs of another language than the prompts ask for are counted', async () => {
    const programs = ['x = 1 + 2\nprint(x)', 'import math\nprint(math.pi)', 'console.log(1 + 2);', '1 + 2'];
    const all = programs.map((code, index) =>
      mapTrajectory(index, { steps: [{ tool: 'code', step: 'Add.', code, observation: '3', output: 'It is 3.' }] }),
    );
    const counted = async (options: Partial<ExtractOptions>) =>
      (await extracted(all, options)).manifest.statistics.modules.code?.otherLanguage;
    expect(await counted({ language: 'javascript' })).toBe(2);
    expect(await counted({ language: 'python' })).toBe(1);
    expect(await counted({ prompts: { ...plainPrompts, style: 'husky-v1' } })).toBe(1);
  });

  test('a tool that no module knows is named with its place and the way out', async () => {
    const steps = [{ tool: 'weather', step: 'Ask for rain.', output: 'Rain.' }];
    const error = await failing([mapTrajectory(0, { steps })]);
    expect(error).toMatchObject({ type: 'ToolUnknown', message: expect.stringContaining('--tool weather=') as string });
    expect(error.message).toContain('line 1');
    const { lines } = await extracted([mapTrajectory(0, { steps })], {
      tools: [{ name: 'weather', description: 'rain' }],
    });
    expect(lines('action')[0]?.completion).toBe('[weather] Ask for rain.');
  });

  test.each([
    ['as it is', 'trajectory', undefined, 'Oslo, Monday: 18 degrees'],
    ['in words, where the tool says rewrite', 'trajectory', true, 'It is 18 degrees.'],
    ['as the loop recorded it', 'modular', undefined, 'It is 18 degrees.'],
  ] as const)('the result of a tool of the user is shown %s', async (_, style, rewrite, shown) => {
    const step = { tool: 'weather', step: 'Ask for Oslo.', observation: 'Oslo, Monday: 18 degrees' };
    const { source } = mapTrajectory(0);
    const steps = [{ ...step, output: 'It is 18 degrees.' }];
    const tools = [{ name: 'weather', description: 'how warm it is', ...(rewrite ? { rewrite } : {}) }];
    const { lines } = await extracted([mapTrajectory(0, { steps, source: { ...source, style } })], { tools });
    const [, last] = lines('action');
    expect(JSON.stringify(last)).toContain(shown);
  });

  test('nothing kept says why', async () => {
    const rejected = (index: number): Trajectory => mapTrajectory(index, { accepted: false, rejection: 'no-label' });
    const error = await failing([rejected(0), rejected(1)]);
    expect(error.message).toContain('None of 2 trajectories was kept (no-label: 2)');
    expect(existsSync(join(folder, `set-${runs}`, '.partial'))).toBe(false);
  });

  test('no such folder', async () => {
    await expect(
      extract({ trajectories: join(folder, 'absent'), out: join(folder, 'x'), prompts: plainPrompts }),
    ).rejects.toThrow('no such file or folder');
  });
});
