/** Questions written by a model: the prompt over sampled facts, and a strict reading of the answer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { GenerateRequest } from '../models/model';
import { oneLine } from '../trajectory/bounded-text';
import type { Candidate } from '../contract/question-making';
import { parseJson } from '../trajectory/json-object';
import { tally } from '../trajectory/tally';

const promptSchema = z.object({ text: z.string(), maxTokens: z.number(), temperature: z.number() });
const candidateSchema = z.object({
  question: z.string().trim().min(15).max(600),
  answer: z.union([z.string(), z.number()]).transform((answer) => String(answer).trim()),
  facts: z.array(z.number().int()).min(1),
  code: z.string().trim().min(1).max(2000),
});

/** Characters of a fact that are shown. */
const FACT_CHARS = 300;

export function renderProposalRequest(facts: readonly string[], count: number, seed: number): GenerateRequest {
  const { text, maxTokens, temperature } = promptSchema.parse(
    parse(readFileSync(join(__dirname, '../prompts/make-questions.yaml'), 'utf8')),
  );
  const numbered = facts.map((fact, i) => `${i + 1}. ${oneLine(fact, FACT_CHARS)}`).join('\n');
  const prompt = text.replace('{count}', String(count)).replace('{facts}', () => numbered);
  return { prompt, maxTokens, temperature, seed };
}

/** @returns well-formed candidates; other lines are counted by what is wrong with them */
export function readProposals(text: string, facts: readonly string[]) {
  const candidates: Candidate[] = [];
  const rejections: Record<string, number> = {};
  const reject = (reason: string) => tally(rejections, reason);
  for (const line of text.split('\n')) {
    if (!line.trim().startsWith('{')) continue;
    const parsed = candidateSchema.safeParse(parseJson(line));
    if (!parsed.success) reject('malformed');
    else if (new Set(parsed.data.facts).size < 2) reject('one fact only');
    else if (parsed.data.facts.some((number) => facts[number - 1] === undefined)) reject('a fact that was not shown');
    else candidates.push({ ...parsed.data, facts: parsed.data.facts.map((number) => facts[number - 1] ?? '') });
  }
  return { candidates, rejections };
}
