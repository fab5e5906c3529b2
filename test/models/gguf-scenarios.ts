/**
 * What gguf-model.test.ts looks at, run in a process of its own: prints one JSON object with what was observed.
 * Arguments: paths of a tiny GGUF file, of one whose prompts begin with the begin token, and of one with a chat template.
 */
import { copyFileSync, rmSync } from 'node:fs';
import { createModel, loadAhead } from '../../src/models';
import type { GenerateRequest, Model } from '../../src/models/model';

const [, , path = '', pathWithBos = '', pathWithTemplate = ''] = process.argv;
const ask = (prompt: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt,
  maxTokens: 24,
  temperature: 0,
  ...more,
});

async function main() {
  const config = { provider: 'gguf' as const, path, threads: 1, contextTokens: 512 };
  const model = await createModel({ ...config, concurrency: 2 });
  const other = await createModel({ ...config, model: 'other-name' });
  const third = await createModel(config);

  const prompts = Array.from({ length: 6 }, (_, at) => `<|act|>Question ${at}: how far is it?`);
  const alone = [];
  for (const prompt of prompts) alone.push(await model.generate(ask(prompt)));
  const together = await Promise.all(prompts.map((prompt) => model.generate(ask(prompt))));

  const [first] = alone;
  const stop = first?.text.slice(8, 10) ?? '';
  const long = `${'A shared beginning of many words. '.repeat(11)}`;
  const sampled = (seed: number) => model.generate(ask(prompts[0] ?? '', { temperature: 1.5, seed }));

  const observed = {
    name: model.name,
    otherName: other.name,
    counts: { special: model.countTokens?.('<|act|>'), text: model.countTokens?.('th<|q|>é') },
    alone,
    sameTogether: JSON.stringify(together) === JSON.stringify(alone),
    sameElsewhere: (await other.generate(ask(prompts[0] ?? ''))).text === first?.text,
    stop,
    stopped: await model.generate(ask(prompts[0] ?? '', { stop: ['never said', stop] })),
    reused: [await model.generate(ask(`${long}One`)), await model.generate(ask(`${long}Two`))],
    fresh: [await other.generate(ask(`${long}One`)), await third.generate(ask(`${long}Two`))],
    sampled: [(await sampled(1)).text, (await sampled(1)).text, (await sampled(2)).text],
    full: await model.generate(ask('x'.repeat(500), { maxTokens: 100 })),
    grown: await grown(model, prompts[0] ?? ''),
    tooLong: await failure(() => model.generate(ask('x'.repeat(512)))),
    aborted: await aborted(model),
    missing: await failure(() => createModel({ ...config, path: `${path}.missing` })),
    withBos: await withBos(),
    chat: await chat(),
    form: await form(),
    thought: await thought(),
    broken: await failure(() => createModel({ ...config, path: __filename })),
    adapters: await adapters(config),
  };
  await other.close?.();
  await third.close?.();
  const afterOneClosed = (await model.generate(ask(prompts[0] ?? ''))).text;
  await model.close?.();
  const reopened = await createModel(config);
  const afterAllClosed = (await reopened.generate(ask(prompts[0] ?? ''))).text;
  await reopened.close?.();
  const ahead = await loadedAhead(prompts[0] ?? '');
  console.log(JSON.stringify({ ...observed, afterOneClosed, afterAllClosed, ahead }));
}

/** The file is gone before a model of it is opened. */
async function loadedAhead(prompt: string) {
  const config = { provider: 'gguf' as const, path: `${path}.ahead`, threads: 1, contextTokens: 512 };
  copyFileSync(path, config.path);
  const letGo = loadAhead(config);
  await loadAhead(config)();
  rmSync(config.path);
  const model = await createModel(config);
  await letGo();
  const { text } = await model.generate(ask(prompt));
  await model.close?.();
  await loadAhead(config)();
  return { text, closed: await failure(() => createModel(config)) };
}

/** What is told of a text while it is written. */
async function grown(model: Model, prompt: string) {
  const texts: string[] = [];
  const { text } = await model.generate(ask(prompt), { onText: (read) => void texts.push(read()) });
  return { text, texts };
}

async function withBos() {
  const model = await createModel({ provider: 'gguf', path: pathWithBos, threads: 1, contextTokens: 512 });
  const given = await model.generate(ask('<|end|>Go'));
  const added = await model.generate(ask('Go'));
  await model.close?.();
  return { inputTokens: [given.usage.inputTokens, added.usage.inputTokens], same: given.text === added.text };
}

/** The template of the file is `<|q|>content<|end|>`, or `<|act|>content<|end|>` for the assistant, then `<|act|>`. */
/** Files that are no adapters of this model. */
async function adapters(config: object) {
  const failures: unknown[] = [];
  for (const lora of [path, __filename]) {
    const unfit = await createModel({ ...config, lora } as never);
    failures.push(await failure(() => unfit.generate(ask('x'))));
    await unfit.close?.();
  }
  return failures;
}

async function chat() {
  const config = { provider: 'gguf' as const, path: pathWithTemplate, threads: 1, contextTokens: 512 };
  const byRequest = await createModel(config);
  const asText = await createModel({ ...config, api: 'completions' });
  const asChat = await createModel({ ...config, api: 'chat' });
  const messages = [
    { role: 'user' as const, content: 'Hi' },
    { role: 'assistant' as const, content: 'Yes' },
    { role: 'user' as const, content: 'Go' },
  ];
  const rendered = '<|q|>Hi<|end|><|act|>Yes<|end|><|q|>Go<|end|><|act|>';
  const observed = {
    rendered: (await asText.generate(ask(rendered))).text,
    given: (await asText.generate(ask('other', { messages }))).text,
    byRequest: (await byRequest.generate(ask('other', { messages }))).text,
    asChat: (await asChat.generate(ask('other', { messages }))).text,
    other: (await byRequest.generate(ask('other'))).text,
    /** A mark inside a message is text: `<|end|>` has seven characters. */
    marks: [
      (await asChat.generate(ask('', { messages: [{ role: 'user', content: 'a' }] }))).usage.inputTokens,
      (await asChat.generate(ask('', { messages: [{ role: 'user', content: 'a<|end|>' }] }))).usage.inputTokens,
    ],
    without: await failure(() => createModel({ ...config, path, api: 'chat' })),
  };
  for (const model of [byRequest, asText, asChat]) await model.close?.();
  return observed;
}

/** Weights at random write nothing that is an action, unless they are held to it. */
async function form() {
  const config = { provider: 'gguf' as const, path, threads: 1, contextTokens: 512 };
  const model = await createModel(config);
  const free = await createModel({ ...config, constrain: 'off' });
  const request = ask('<|act|>Next', { form: { kind: 'action', tools: ['search', 'finish'] } });
  const observed = {
    held: (await model.generate(request)).text,
    free: (await free.generate(request)).text,
    line: (await model.generate(ask('<|q|>Line', { form: { kind: 'line' } }))).text,
  };
  for (const one of [model, free]) await one.close?.();
  return observed;
}

/** The prompt has opened the thinking, which weights at random never close. */
async function thought() {
  const config = { provider: 'gguf' as const, path, threads: 1, contextTokens: 512 };
  const request = ask('<|act|>Next<think>\n', { stop: ['\n'], form: { kind: 'action', tools: ['search'] } });
  const observed: unknown[] = [];
  for (const thinkingTokens of [0, 40]) {
    const model = await createModel({ ...config, thinkingTokens });
    const { text, problem, usage } = await model.generate(request);
    observed.push({ text, problem, outputTokens: usage.outputTokens });
    await model.close?.();
  }
  return observed;
}

/** Both contexts are in use by endless calls; one is aborted while it generates, one while it waits. */
async function aborted(model: Model) {
  const reasons: string[] = [];
  const endless = ask('<|q|>Go on', { maxTokens: 480 });
  const aborts = Array.from({ length: 4 }, () => new AbortController());
  const calls = aborts.map(({ signal }) =>
    model.generate(endless, { signal }).then(
      () => reasons.push('ended'),
      (error: Error) => reasons.push(error.message),
    ),
  );
  await new Promise((resolve) => setImmediate(resolve));
  for (const [at, abort] of aborts.entries()) abort.abort(new Error(`aborted ${at}`));
  await Promise.all(calls);
  const before = await failure(() => model.generate(endless, { signal: AbortSignal.abort(new Error('beforehand')) }));
  return { reasons: reasons.sort(), before, after: (await model.generate(ask('<|act|>Still there?'))).text.length };
}

async function failure(call: () => Promise<unknown>) {
  try {
    await call();
    return undefined;
  } catch (error) {
    const { type, nonRetryable, message } = error as { type?: string; nonRetryable?: boolean; message: string };
    return { type, nonRetryable, message };
  }
}

void main();
