/** Style `expert`: short, the same for training and serving, and kept apart from the answer by every tokenizer. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES } from '../../src/trajectory/modules';
import { fixedTokens, prompts, question } from './expert-calls';

jest.setTimeout(120_000);

const folder = process.env.HUSKY_REAL_MODELS ?? '';
const vocabularies = ['smollm2-135m', 'qwen-0.5b', 'gemma3-270m'].filter((name) =>
  existsSync(join(folder, `${name}.gguf`)),
);
if (vocabularies.length === 0)
  process.stderr.write(
    'Prompts of style expert are not tried on real vocabularies: HUSKY_REAL_MODELS names no folder of GGUF files.\n',
  );

const words = {
  name: 'words',
  count: (text: string) => text.match(/[A-Za-z]+|\d|[^\sA-Za-z\d]|\n/g)?.length ?? 0,
};

test('a whole question takes at most 250 tokens of fixed prompt', () => {
  expect(fixedTokens(words)).toBeLessThanOrEqual(250);
});

test.each(MODULES)('%s ends with a line feed after its label, and holds no special token of a question', (module) => {
  const { text } = prompts.render(module, {
    question: 'A <|im_end|> B?',
    history: [],
    step: 'Do <|eot|>.',
    code: '1',
    observation: '<|x|>',
  });
  expect(text).toMatch(/[a-z]:\n$/);
  expect(text).not.toContain('<|');
});

test('a failed program is shown with its error before it is written again, and own tools are offered', () => {
  const repair = prompts.render('code', {
    question,
    history: [],
    step: 'Add.',
    code: 'x(',
    programError: 'SyntaxError',
  });
  expect(repair.text).toContain('Step: Add.\nCode:\nx(\nError: SyntaxError\nJavaScript program:\n');
  const tools = [{ name: 'weather', description: 'Tells the weather.' }];
  expect(prompts.render('action', { question, history: [], tools }).text).toContain('[weather] Tells the weather.\n');
});

test('servers are told the form of an action and of a query, without the tools that are off', () => {
  const tools = [{ name: 'weather', description: 'Tells the weather.' }];
  expect(prompts.render('action', { question, history: [], tools, off: ['search'] }).form).toEqual({
    kind: 'action',
    tools: ['code', 'math', 'commonsense', 'weather', 'finish'],
  });
  expect(prompts.render('query', { question, history: [], step: 'Find it.' }).form).toEqual({ kind: 'line' });
  expect(prompts.render('math', { question, history: [], step: 'Add.' }).form).toBeUndefined();
});

(vocabularies.length > 0 ? test : test.skip).each(vocabularies)(
  'the vocabulary of %s merges no prompt with its answer, but a label without line feed where it has such a token',
  (name) => {
    const hook = join(__dirname, '../models/typescript-hook.cjs');
    const out = execFileSync(
      process.execPath,
      ['--require', hook, join(__dirname, 'expert-borders.ts'), join(folder, `${name}.gguf`)],
      { encoding: 'utf8' },
    );
    const seen = JSON.parse(out) as { merged: unknown[]; label: boolean; fixed: number };
    expect(seen).toMatchObject({ merged: [], label: name !== 'smollm2-135m' });
    expect(seen.fixed).toBeLessThanOrEqual(250);
  },
);
