/** An embedding server on 127.0.0.1 that knows a few synonyms: a vector counts a text's words, by their meaning. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startService, type ScriptedService } from './scripted-service';

const SYNONYMS = [
  ['holiday', 'vacation', 'leave', 'off'],
  ['canteen', 'lunch', 'eat', 'food'],
  ['car', 'vehicle', 'parking', 'park'],
  ['laptop', 'computer', 'notebook'],
];
const DIMENSIONS = 97;

function embeddingOf(text: string): number[] {
  const vector = new Array<number>(DIMENSIONS).fill(0.01);
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
    const meaning = SYNONYMS.findIndex((words) => words.includes(word));
    const place =
      meaning === -1 ? 4 + ([...word].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 9973, 7) % 93) : meaning;
    vector[place] = (vector[place] ?? 0) + (meaning === -1 ? 0.1 : 1);
  }
  return vector;
}

export interface EmbeddingService extends ScriptedService {
  /** Texts that were embedded, in their order. */
  texts: string[];
  /** Answers of 500 instead, from this text on. */
  failFrom: number;
}

/** @param more fields of each answer @param dimensions kept of each vector */
export async function startEmbeddings(dimensions = DIMENSIONS): Promise<EmbeddingService> {
  const texts: string[] = [];
  const scripted = await startService((_: IncomingMessage, response: ServerResponse) => {
    const { input } = scripted.asked.at(-1)?.body as { input: string[] };
    const fails = texts.length >= service.failFrom;
    response.writeHead(fails ? 400 : 200, { 'content-type': 'application/json' });
    if (fails) return void response.end('{"error":{"message":"input is too large to process"}}');
    texts.push(...input);
    const data = input.map((text, index) => ({ index, embedding: embeddingOf(text).slice(0, dimensions) }));
    // Servers may answer in any order, and say to which text a vector belongs.
    response.end(JSON.stringify({ object: 'list', data: data.reverse() }));
  });
  const service: EmbeddingService = { ...scripted, texts, failFrom: Infinity };
  return service;
}
