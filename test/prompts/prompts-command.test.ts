import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerPrompts } from '../../src/cli/commands/prompts';
import { loadPrompts } from '../../src/prompts';
import { MODULES } from '../../src/trajectory/modules';
import { temporaryFolder } from '../temporary-folder';

/** What the command prints on stdout. */
async function husky(...args: string[]): Promise<string> {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    const program = new Command('husky').exitOverride();
    registerPrompts(program);
    await program.parseAsync(['node', 'husky', 'prompts', ...args]);
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

test('list prints a hash for each module', async () => {
  const lines = (await husky('list')).trim().split('\n');
  expect(lines.map((line) => line.split(' ', 1)[0])).toEqual([...MODULES]);
  expect(JSON.parse(await husky('list', '--style', 'compact', '--json'))).toMatchObject({
    style: 'compact',
    hashes: { action: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

test('show prints the prompt with the given question', async () => {
  expect(await husky('show', 'code', '--style', 'few-shot', '--language', 'python', '-q', 'How many?')).toMatch(
    /programs in Python[^]*\nQuestion: How many\?\n[^]*Code:\n$/,
  );
  expect(JSON.parse(await husky('show', 'action', '--json'))).toMatchObject({ maxTokens: expect.any(Number) });
});

test('eject writes our files, which are then taken from there, and the others from us', async () => {
  const folder = join(temporaryFolder('prompts'), 'mine');
  const { files } = JSON.parse(await husky('eject', folder, 'action', 'math', '--json')) as { files: string[] };
  expect(files).toEqual(['action.yaml', 'math.yaml']);
  expect(loadPrompts(folder).hashes).toEqual(loadPrompts('instruct').hashes);
  const file = join(folder, 'math.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('step by step', 'in small steps'));
  const { hashes, render } = loadPrompts(folder);
  expect(render('math', { question: 'How many?', history: [], step: 'Solve the question.' }).text).toContain(
    'in small steps',
  );
  expect(hashes.math).not.toBe(loadPrompts('instruct').hashes.math);
  expect(hashes.code).toBe(loadPrompts('instruct').hashes.code);
  await expect(husky('eject', folder, 'math')).rejects.toThrow(/math\.yaml is there already/);
});

test.each([
  ['layout: "{question} {answer}"', /math\.yaml: layout.*the gaps of a layout are/],
  ['maxTokens: many', /math\.yaml: maxTokens/],
  ['layout: "{question', /math\.yaml: .*line/],
  ['module: code', /module is code, and the file's name says math/],
])('a file of the user with %s is refused with file and field', (line, message) => {
  const folder = temporaryFolder('prompts');
  const whole: Record<string, string> = {
    module: 'math',
    maxTokens: '9',
    temperature: '0',
    stop: '[]',
    instruction: "''",
    layout: '"{question}"',
  };
  const [field = '', value = ''] = line.split(/: (.*)/s);
  const text = Object.entries({ ...whole, [field]: value }).map(([name, of]) => `${name}: ${of}`);
  writeFileSync(join(folder, 'math.yaml'), text.join('\n'));
  expect(() => loadPrompts(folder)).toThrow(message);
});

test('a folder without a module is a mistake that names the styles and files', () => {
  expect(() => loadPrompts(temporaryFolder('prompts'))).toThrow(/no style \(instruct.*action\.yaml/);
});

test.each([
  [['show', 'acton'], /no module "acton"; there are action, code/],
  [['show', 'action', '--style', 'v1'], /no style "v1"/],
  [['show', 'code', '--language', 'perl'], /no language "perl"/],
])('%j is one clear sentence', async (args, message) => {
  await expect(husky(...args)).rejects.toThrow(message);
});

describe('import', () => {
  const home = temporaryFolder('config');
  const before = process.env.XDG_CONFIG_HOME;
  beforeAll(() => {
    process.env.XDG_CONFIG_HOME = home;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.XDG_CONFIG_HOME;
    else process.env.XDG_CONFIG_HOME = before;
  });

  test('refuses a folder that holds no Husky-v1, and leaves nothing', async () => {
    await expect(husky('import', home)).rejects.toThrow(/holds no prompts of Husky-v1/);
    await expect(husky('show', 'math', '--style', 'husky-v1')).rejects.toThrow(/husky prompts import FOLDER/);
  });

  const checkout = process.env.HUSKY_V1_CHECKOUT;
  (checkout ? test : test.skip)('takes the exact wording, which show then wraps (HUSKY_V1_CHECKOUT)', async () => {
    const { folder, hashes } = JSON.parse(await husky('import', checkout ?? '', '--json')) as Record<string, unknown>;
    expect(folder).toBe(join(home, 'temporal-husky/prompts/husky-v1'));
    expect(JSON.parse(await husky('list', '-s', 'husky-v1', '--json'))).toMatchObject({ hashes });
    expect(await husky('show', 'math', '-s', 'husky-v1', '-m', 'tulu-2-7b')).toMatch(
      /^<\|user\|>\n[^]*<\|assistant\|>\n\n$/,
    );
  });
});
