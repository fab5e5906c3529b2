/** Half of a surrogate pair, as a text has it that somebody cut in the middle of an emoji: kept out where text comes in and where it leaves. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestJson } from '../src/http/http-request';
import { createFailure } from '../src/failures';
import { readQuestions } from '../src/formats/question';
import { parseAnswer, toResult } from '../src/sandbox/answer';
import { responseOf } from '../src/search/result-text';
import { chunkText } from '../src/search/sqlite/chunk-text';
import { resultText } from '../src/tools/mcp/result-text';
import { writeFile } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer } from './models/misbehaving-server';
import { REQUEST, seeBy } from './models/seen-answer';

const HALF = 'half \ud83d here';
const WHOLE = 'half \ufffd here';

test('a model server is sent none, and none is read of its answers', async () => {
  const messages = [{ role: 'user' as const, content: HALF }];
  const seen = await seeBy(() => answer(HALF), { ...REQUEST, messages });
  expect(seen.last).toMatchObject({ messages: [{ content: WHOLE }] });
  expect(seen.text).toBe(WHOLE);
});

test('a search service and a server of embeddings are sent none', async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk) => bodies.push(String(chunk)));
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await requestJson({ name: 'it', url, body: { input: [HALF] }, timeoutMs: 5000, redact: (text) => text });
  server.close();
  expect(bodies.join('')).toBe(JSON.stringify({ input: [WHOLE] }));
});

test('a failure has none', () => {
  expect(createFailure('ToolFailed', HALF).message).toMatch(/^half \ufffd here\./);
});

test('results of searches, of MCP servers and of programs have none', () => {
  expect(responseOf([{ title: 't', snippet: HALF }], { limit: 1, maxChars: 100 }).text).toBe(`t: ${WHOLE}`);
  expect(resultText({ content: [{ type: 'text', text: HALF }] })).toBe(WHOLE);
  expect(resultText({ structuredContent: { said: HALF } })).toBe(JSON.stringify({ said: WHOLE }));
  const kept = { head: HALF, tail: '', length: HALF.length };
  const error = { name: 'Error', message: HALF, traceback: HALF };
  const child = parseAnswer(JSON.stringify({ stdout: kept, stderr: kept, error }))!;
  expect(toResult(child, 100, 1)).toMatchObject({
    stdout: WHOLE,
    stderr: WHOLE,
    error: { message: WHOLE, traceback: WHOLE },
  });
});

test('questions of a file have none, and keep their whole characters', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'husky-half-')), 'questions.jsonl');
  await writeFile(path, '{"question":"half \\ud83d here","answer":"\\ud83d\\ude00"}\n');
  expect(await readQuestions(path)).toMatchObject([{ question: WHOLE, gold: '😀' }]);
});

test.each([0, 1])('a long text without spaces is cut between characters (%i before them)', (before) => {
  const text = 'x'.repeat(before) + '😀'.repeat(5000);
  const chunks = chunkText(text, 't').map((chunk) => chunk.text);
  expect(chunks.every((chunk) => chunk.isWellFormed())).toBe(true);
  expect(chunks.join('')).toBe(text);
});
