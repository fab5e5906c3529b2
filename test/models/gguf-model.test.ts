import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { notGguf } from '../../src/models/gguf-head';
import type { Generation } from '../../src/models/model';
import { writeTinyGguf } from './tiny-gguf';

const run = promisify(execFile);
const hook = join(__dirname, 'typescript-hook.cjs');
const folder = mkdtempSync(join(tmpdir(), 'husky-gguf-'));
const path = join(folder, 'tiny.gguf');
const pathWithBos = join(folder, 'with-bos.gguf');
const pathWithTemplate = join(folder, 'with-template.gguf');
const TEMPLATE = `{% for m in messages %}{{ '<|act|>' if m.role == 'assistant' else '<|q|>' }}{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|act|>{% endif %}`;

afterAll(() => rmSync(folder, { recursive: true }));

interface Failure {
  type?: string;
  nonRetryable?: boolean;
  message: string;
}

interface Observed {
  name: string;
  otherName: string;
  counts: { special: number; text: number };
  alone: Generation[];
  sameTogether: boolean;
  sameElsewhere: boolean;
  stop: string;
  stopped: Generation;
  reused: Generation[];
  fresh: Generation[];
  sampled: string[];
  full: Generation;
  grown: { text: string; texts: string[] };
  tooLong: Failure;
  aborted: { reasons: string[]; before: Failure; after: number };
  missing: Failure;
  withBos: { inputTokens: number[]; same: boolean };
  chat: Record<'rendered' | 'given' | 'byRequest' | 'asChat' | 'other', string> & { marks: number[]; without: Failure };
  form: Record<'held' | 'free' | 'line', string>;
  thought: { text: string; problem?: string; outputTokens: number }[];
  broken: Failure;
  adapters: Failure[];
  afterOneClosed: string;
  afterAllClosed: string;
  ahead: { text: string; closed: Failure };
}

let seen: Observed;
beforeAll(async () => {
  writeTinyGguf(path);
  writeTinyGguf(pathWithBos, { addBos: true });
  writeTinyGguf(pathWithTemplate, { chatTemplate: TEMPLATE });
  const { stdout } = await run(process.execPath, [
    '--require',
    hook,
    join(__dirname, 'gguf-scenarios.ts'),
    path,
    pathWithBos,
    pathWithTemplate,
  ]);
  seen = JSON.parse(stdout) as Observed;
}, 120_000);

test('the name is the file or what the configuration says', () => {
  expect(seen.name).toBe('tiny');
  expect(seen.otherName).toBe('other-name');
});

test('special tokens of the model are read as such', () => {
  expect(seen.counts).toEqual({ special: 1, text: 4 });
});

test('the begin token is added where the file asks for it, once', () => {
  expect(seen.withBos).toEqual({ inputTokens: [3, 3], same: true });
});

test('messages get the chat template of the file, by the request or by api: chat; a mark inside one stays text', () => {
  const { rendered, given, byRequest, asChat, other, marks, without } = seen.chat;
  expect(rendered.length).toBeGreaterThan(0);
  expect(byRequest).toBe(rendered);
  expect(asChat).toBe(rendered);
  expect(given).toBe(other);
  expect((marks[1] ?? 0) - (marks[0] ?? 0)).toBe('<|end|>'.length);
  expect(without).toMatchObject({ type: 'ConfigurationInvalid' });
  expect(without.message).toContain('has no chat template; set api: completions');
});

test('an action is held to its form by a grammar, and one line is one line', () => {
  expect(seen.form.held).toMatch(/^\[(search|finish)\] \S/);
  expect(seen.form.free).not.toMatch(/^\[/);
  expect(seen.form.line.trim()).not.toMatch(/\n/);
});

test('thinking that the prompt has opened is no answer, is not ended by its first line, and has tokens of its own', () => {
  expect(seen.thought.map(({ text, outputTokens }) => [text, outputTokens])).toEqual([
    ['', 24],
    ['', 64],
  ]);
  expect(seen.thought[1]?.problem).toMatch(/cut at 64 tokens while the model was still thinking/);
});

test('usage counts the tokens of prompt and answer; maxTokens bounds the answer', () => {
  expect(seen.alone).toHaveLength(6);
  for (const { usage, finishReason, text } of seen.alone) {
    expect(usage).toEqual({ calls: 1, inputTokens: 27, outputTokens: 24 });
    expect(finishReason).toBe('length');
    expect(text.length).toBeGreaterThan(0);
  }
});

test('greedy answers are the same alone, side by side and from another instance of the model', () => {
  expect(new Set(seen.alone.map(({ text }) => text)).size).toBeGreaterThan(1);
  expect(seen.sameTogether).toBe(true);
  expect(seen.sameElsewhere).toBe(true);
});

test('a long prompt that begins like the one before gets the answer that a fresh context gives', () => {
  expect(seen.reused.map(({ text }) => text)).toEqual(seen.fresh.map(({ text }) => text));
  expect(seen.reused[0]?.text).not.toBe(seen.reused[1]?.text);
});

test('the text is told token by token while it is written', () => {
  const { text, texts } = seen.grown;
  expect(text).toBe(seen.alone[0]?.text);
  expect(texts).toHaveLength(24);
  expect(texts.at(-1)).toBe(text);
  expect(texts.map(({ length }) => length)).toEqual(texts.map(({ length }) => length).sort((a, b) => a - b));
});

test('sampling follows the seed', () => {
  const [first, again, other] = seen.sampled;
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('generation ends before a stop string', () => {
  expect(seen.stop).toHaveLength(2);
  expect(seen.stopped.text).toBe(seen.alone[0]?.text.split(seen.stop, 1)[0]);
  expect(seen.stopped.finishReason).toBe('stop');
  expect(seen.stopped.usage.outputTokens).toBeLessThan(24);
});

test('the answer ends where the context is full; a prompt that fills it is ContextLengthExceeded', () => {
  expect(seen.full).toMatchObject({ finishReason: 'length', usage: { inputTokens: 500, outputTokens: 12 } });
  expect(seen.tooLong).toMatchObject({ type: 'ContextLengthExceeded', nonRetryable: true });
  expect(seen.tooLong.message).toContain('takes 512 tokens');
});

test('aborted calls, running or waiting, reject with the reason of the signal, and leave the model usable', () => {
  expect(seen.aborted.reasons).toEqual(['aborted 0', 'aborted 1', 'aborted 2', 'aborted 3']);
  expect(seen.aborted.before.message).toBe('beforehand');
  expect(seen.aborted.after).toBeGreaterThan(0);
});

test('a missing or broken file is ConfigurationInvalid and named', () => {
  expect(seen.missing).toMatchObject({ type: 'ConfigurationInvalid', nonRetryable: true });
  expect(seen.missing.message).toContain('tiny.gguf.missing');
  expect(seen.broken).toMatchObject({ type: 'ConfigurationInvalid', nonRetryable: true });
  expect(seen.broken.message).toContain('is no GGUF file');
});

test('an adapter that does not fit is told, and not tried for ever', () => {
  for (const one of seen.adapters) expect(one).toMatchObject({ type: 'ConfigurationInvalid', nonRetryable: true });
  expect(seen.adapters.map(({ message }) => message)).toEqual([
    expect.stringMatching(/cannot be laid over .*tiny\.gguf is an adapter of another base, cut off, or no adapter/),
    expect.stringMatching(/cannot be laid over .* is no GGUF file/),
  ]);
});

test.each([
  ['', 'an empty file'],
  ['version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n', 'a pointer of Git LFS'],
  ['<!DOCTYPE html><title>Sign in</title>', 'a web page instead'],
  ['GGUF\0\0\0\x03', 'of big-endian byte order'],
  ['GGUF\x03\0\0\0', undefined],
])('%j: %s', (content, instead) => {
  const file = join(folder, 'head.gguf');
  writeFileSync(file, content);
  const found = notGguf(file);
  if (instead === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(instead);
});

test('closing one model leaves the others; after the last one a model can be opened again', () => {
  expect(seen.afterOneClosed).toBe(seen.alone[0]?.text);
  expect(seen.afterAllClosed).toBe(seen.alone[0]?.text);
});

test('weights that were loaded ahead are those of the model, until both are let go', () => {
  expect(seen.ahead.text).toBe(seen.alone[0]?.text);
  expect(seen.ahead.closed.message).toMatch(/does not exist/);
});

test('without node-llama-cpp the message says how to install it', async () => {
  const script = `
    require('node:module').registerHooks({
      resolve(specifier, context, next) {
        if (specifier === 'node-llama-cpp') throw new Error("Cannot find package 'node-llama-cpp'");
        return next(specifier, context);
      },
    });
    require(${JSON.stringify(join(__dirname, '../../src/models/gguf-model.ts'))})
      .createGgufModel({ path: process.argv[1] })
      .catch(({ type, message }) => console.log(JSON.stringify({ type, message })));`;
  const { stdout } = await run(process.execPath, ['--require', hook, '--eval', script, path]);
  const failure = JSON.parse(stdout) as Failure;
  expect(failure.type).toBe('ConfigurationInvalid');
  expect(failure.message).toContain('npm install node-llama-cpp');
});
