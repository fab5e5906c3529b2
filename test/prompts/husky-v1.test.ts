import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importWording, loadPrompts, storeWording, wordingFolder } from '../../src/prompts';
import { sha256 } from '../../src/files/fingerprint';
import { createHuskyV1Prompts, type HuskyV1Wording } from '../../src/prompts/husky-v1/husky-v1-prompts';
import { TEMPLATES } from '../../src/prompts/husky-v1/templates';
import { wrap } from '../../src/prompts/husky-v1/wrap';
import type { PromptFields } from '../../src/prompts/prompt';
import { LOOP_MODULES, type LoopModule } from '../../src/trajectory/modules';
import { temporaryFolder } from '../temporary-folder';

const STEP_HEAD = 'Question: %s\nSolution history:\n%s\nCurrent step: %s\n';

/** Made-up wording in the layout of Husky-v1 (docs/husky-v1.md, section 2). */
const WORDING: HuskyV1Wording = {
  action:
    'Plan.\n- [math] is for sums.\n- [finish] is for the end.\n---\nQuestion: %s\nSolution history:\n%s\nNext step or final answer: ',
  code: `Write.\n---\n${STEP_HEAD}Code:\n`,
  math: `Reckon.\n---\n${STEP_HEAD}Solution: `,
  query: `Ask.\n---\n${STEP_HEAD}Search query: `,
  commonsense: `Think.\n---\n${STEP_HEAD}Output: `,
  'code-rewrite': 'Tell.\n---\nQuestion: %s\nStep: %s\nCode:\n%s\nCode output: %s\nRewrite: ',
  'search-rewrite': 'Say.\n---\nInstruction: %s\nOutput: %s\nAnswer: ',
};
const FIELDS: PromptFields = {
  question: 'Is 100%s {x} $& big?',
  history: [
    { step: ' Find it. ', output: ' It is 7.\n' },
    { step: 'Double it.', output: '' },
  ],
  step: 'Add 1.',
  code: 'print(7 + 1)',
  observation: '8',
};
const HISTORY = 'Step: Find it.\nOutput: It is 7.\nStep: Double it.\nOutput: This step has failed.';
const HEAD = `Question: Is 100%s {x} $& big?\nSolution history:\n${HISTORY}\n`;
const PLAIN: Record<LoopModule, string> = {
  action: `Plan.\n- [math] is for sums.\n- [finish] is for the end.\n---\n${HEAD}Next step or final answer: `,
  code: `Write.\n---\n${HEAD}Current step: Add 1.\nCode:\n`,
  math: `Reckon.\n---\n${HEAD}Current step: Add 1.\nSolution: `,
  query: `Ask.\n---\n${HEAD}Current step: Add 1.\nSearch query: `,
  commonsense: `Think.\n---\n${HEAD}Current step: Add 1.\nOutput: `,
  'code-rewrite':
    'Tell.\n---\nQuestion: Is 100%s {x} $& big?\nStep: Add 1.\nCode:\nprint(7 + 1)\nCode output: 8\nRewrite: ',
  'search-rewrite': 'Say.\n---\nInstruction: Add 1.\nOutput: 8\nAnswer: ',
};

const prompts = createHuskyV1Prompts(WORDING);
const textFor = (module: LoopModule, modelName?: string, more: Partial<PromptFields> = {}) =>
  prompts.render(module, { ...FIELDS, ...more }, modelName).text;

describe('layout', () => {
  test.each(LOOP_MODULES)('%s: fields in order, values unescaped, plain where no model is named', (module) => {
    expect(textFor(module)).toBe(PLAIN[module]);
    expect(textFor(module, 'husky-v1-code-deepseekcoder-7b-instruct')).toBe(PLAIN[module]);
  });

  test('sampling is as in the reference, where a server has defaults of its own too', () => {
    expect(prompts.render('action', FIELDS)).toMatchObject({ temperature: 0, topP: 1, maxTokens: 128, stop: ['---'] });
    expect(prompts.render('commonsense', FIELDS)).toMatchObject({ temperature: 0.3, topP: 1, maxTokens: 256 });
  });

  test('the history is None before the first step', () => {
    expect(textFor('action', undefined, { history: [] })).toContain('Solution history:\nNone\nNext step');
  });

  test('the chat wrap leaves label, space and newline before the assistant', () => {
    expect(textFor('action', 'husky-v1-action-llama2-7b')).toBe(`<|user|>\n${PLAIN.action}\n<|assistant|>\n`);
    expect(textFor('code', 'tulu-2-7b')).toMatch(/^<\|user\|>\nWrite\.[^]*\nCode:\n\n<\|assistant\|>\n$/);
  });

  test('the mistral wrap ends in a newline for action and query alone', () => {
    for (const module of LOOP_MODULES)
      expect(textFor(module, 'mistral-7b-tulu-llama')).toBe(
        `<s>[INST]\n${PLAIN[module]}\n[/INST]${module === 'action' || module === 'query' ? '\n' : ''}`,
      );
  });

  test.each([
    ['llama3-8b', ['action', 'math', 'query']],
    ['tulu-2-7b', [...LOOP_MODULES]],
    ['allenai/Tulu-2-7b', [...LOOP_MODULES]],
    ['gpt-4', []],
  ])('%s gets the chat wrap for %j', (modelName, wrapped) => {
    const seen = LOOP_MODULES.filter((module) => textFor(module, modelName).startsWith('<|user|>'));
    expect([...seen].sort()).toEqual([...wrapped].sort());
  });

  test('a chat endpoint is sent the plain template as one user message', () => {
    expect(prompts.render('action', FIELDS, 'tulu-2-7b').messages).toEqual([{ role: 'user', content: PLAIN.action }]);
  });

  test.each([
    ['action', 128, 0],
    ['code', 512, 0],
    ['math', 512, 0],
    ['query', 128, 0],
    ['commonsense', 256, 0.3],
    ['code-rewrite', 256, 0.3],
    ['search-rewrite', 256, 0.3],
  ] as const)('%s: at most %i new tokens, temperature %d, one stop string', (module, maxTokens, temperature) => {
    expect(prompts.render(module, FIELDS)).toMatchObject({ maxTokens, temperature, stop: ['---'] });
  });

  test('outputs are taken as they stand', () => {
    expect(prompts.readOutput).toBeUndefined();
  });

  test('hashes are those of the templates', () => {
    expect(prompts.hashes.math).toBe(sha256(WORDING.math));
  });
});

describe('what the reference has no place for', () => {
  test("the user's own tools stand as bullets before finish", () => {
    const tools = [{ name: 'nfl', description: 'games, 100%s.' }];
    expect(textFor('action', undefined, { tools })).toContain(
      '- [math] is for sums.\n- [nfl] is for: games, 100% s.\n- [finish] is for the end.\n---\nQuestion: Is 100%s',
    );
  });

  test('a repair shows the failed program as an entry of the history', () => {
    expect(textFor('code', undefined, { programError: 'NameError: x' })).toContain(
      `${HISTORY}\nStep: Add 1.\nOutput: This program failed:\nprint(7 + 1)\nNameError: x\nCurrent step: Add 1.\nCode:\n`,
    );
  });

  test('JavaScript is refused, because the wording asks for Python', () => {
    expect(() => textFor('code', undefined, { language: 'javascript' })).toThrow(/set sandbox.language to python/);
    expect(textFor('code', undefined, { language: 'python' })).toBe(PLAIN.code);
  });
});

describe('import', () => {
  const folder = temporaryFolder('v1');

  test('a folder without the prompts is named', () => {
    expect(() => importWording(folder)).toThrow(/holds no prompts of Husky-v1/);
  });

  test('wording that differs is refused, naming each module', () => {
    const checkout = join(folder, 'changed');
    mkdirSync(join(checkout, 'husky/prompts'), { recursive: true });
    const files = new Map<string, string>();
    for (const module of LOOP_MODULES) {
      if (module === 'query' || module === 'math') continue;
      const { file, variable } = TEMPLATES[module];
      files.set(file, `${files.get(file) ?? ''}${variable} = """${WORDING[module]}"""\n`);
    }
    files.set(TEMPLATES.math.file, 'OTHER = "x"');
    for (const [file, text] of files) writeFileSync(join(checkout, 'husky/prompts', file), text);
    const act = () => importWording(checkout);
    expect(act).toThrow(/action: the wording differs/);
    expect(act).toThrow(/search-rewrite: the wording differs/);
    expect(act).toThrow(/math: math_prompts.py holds no string HUSKY_MATH_GENERATOR_PROMPT/);
    expect(act).toThrow(/query: the file query_prompts.py is absent/);
  });

  test('wording never imported, or changed since, is ConfigurationInvalid with what to run', () => {
    const act = () => loadPrompts('husky-v1', { wordingFolder: join(folder, 'nothing') });
    expect(act).toThrow(expect.objectContaining({ type: 'ConfigurationInvalid' }));
    expect(act).toThrow(/husky prompts import FOLDER/);
    storeWording(WORDING, join(folder, 'made-up'));
    expect(() => loadPrompts('husky-v1', { wordingFolder: join(folder, 'made-up') })).toThrow(
      /action\.yaml: the wording differs/,
    );
  });

  test('imported wording lies in the user folder', () => {
    expect(wordingFolder({ XDG_CONFIG_HOME: '/home/me/cfg' })).toBe('/home/me/cfg/temporal-husky/prompts/husky-v1');
  });
});

/** A checkout of agent-husky/Husky-v1 at commit 1d5dca1; its wording is not part of this repository. */
const checkout = process.env.HUSKY_V1_CHECKOUT;
const real = checkout && existsSync(checkout) ? describe : describe.skip;
real('the real wording (HUSKY_V1_CHECKOUT)', () => {
  const folder = temporaryFolder('v1-real');

  test('is imported exactly, stored and read back, plain and chat-wrapped hashes right', () => {
    const wording = importWording(checkout ?? '');
    storeWording(wording, folder);
    expect(readdirSync(folder).sort()).toEqual(LOOP_MODULES.map((module) => `${module}.yaml`).sort());
    const { hashes } = loadPrompts('husky-v1', { wordingFolder: folder });
    for (const module of LOOP_MODULES) {
      expect(hashes[module]).toBe(TEMPLATES[module].sha256);
      expect(sha256(wrap(wording[module], 'chat', TEMPLATES[module]))).toBe(TEMPLATES[module].chatSha256);
    }
  });

  test('has the layout that our made-up wording imitates', () => {
    const wording = importWording(checkout ?? '');
    const lastLayout = (template: string) => template.slice(template.lastIndexOf('---\n'));
    for (const module of LOOP_MODULES) expect(lastLayout(wording[module])).toBe(lastLayout(WORDING[module]));
  });

  test('holds nothing that this repository repeats', () => {
    const wording = importWording(checkout ?? '');
    const ours = join(__dirname, '../../src/prompts/few-shot');
    const repeated = readdirSync(ours).flatMap((file) => {
      const lines = readFileSync(join(ours, file), 'utf8')
        .split('\n')
        .map((line) => line.trim());
      return lines.filter((line) => line.length > 40 && Object.values(wording).some((theirs) => theirs.includes(line)));
    });
    expect(repeated).toEqual([]);
  });
});
