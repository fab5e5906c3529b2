/**
 * A language model as judge of open answers, as in the paper. It is asked twice, with the answers swapped, and read strictly.
 * The prompt is data (judge.yaml).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../../files/fingerprint';
import type { CallOptions, Model } from '../../models/model';
import type { ModelConfig } from '../../models/model-config';
import { identityOfModel } from '../../models/model-identity';
import { goldText, type Gold, type Verdict } from '../metric';

const promptSchema = z.strictObject({
  version: z.number().int(),
  maxTokens: z.number().int().positive(),
  temperature: z.number().min(0),
  prompt: z.string().refine((text) => ['{question}', '{first}', '{second}'].every((field) => text.includes(field)), {
    message: 'must hold {question}, {first} and {second}',
  }),
});

export type JudgePrompt = z.infer<typeof promptSchema> & { hash: string };

export function loadJudgePrompt(): JudgePrompt {
  const text = readFileSync(path.join(__dirname, 'judge.yaml'), 'utf8');
  return { ...promptSchema.parse(parse(text)), hash: sha256(text) };
}

/** Null when the reply is neither of the two words. */
export type Judgement = boolean | null;

/** Matches exactly one of the two words, in any case, with only marks around it. */
export function parseJudgement(reply: string): Judgement {
  const word = /^[\s*"'`([]*(same|different)[\s*"'`)\].!]*$/i.exec(reply)?.[1]?.toLowerCase();
  return word === undefined ? null : word === 'same';
}

export interface JudgedVerdict extends Verdict {
  /** The reply with the gold answer as B, then with the gold answer as A. */
  judgements: [goldSecond: Judgement, goldFirst: Judgement];
}

export interface JudgeInput {
  question: string;
  prediction: string | null;
  gold: Gold;
}

/**
 * Correct if the judge says SAME in both orders. If a reply cannot be read, the verdict is undecided and counts as wrong.
 *
 * @throws what the model throws (ApplicationFailure of failures.ts)
 */
export async function judgeAnswer(
  model: Model,
  input: JudgeInput,
  prompt: JudgePrompt = loadJudgePrompt(),
  options: CallOptions = {},
): Promise<JudgedVerdict> {
  const { question, prediction, gold } = input;
  if (prediction === null || prediction.trim() === '') {
    return { scores: { acc: 0 }, correct: false, reason: 'no prediction', judgements: [null, null] };
  }
  const ask = async (first: string, second: string): Promise<Judgement> => {
    const fields: Record<string, string> = { question, first, second };
    // One pass, so that braces inside a field are not filled in.
    const text = prompt.prompt.replace(/\{(question|first|second)\}/g, (_, name: string) => fields[name] as string);
    const request = { prompt: text, maxTokens: prompt.maxTokens, temperature: prompt.temperature };
    return parseJudgement((await model.generate(request, options)).text);
  };
  const right = goldText(gold);
  const judgements: [Judgement, Judgement] = [await ask(prediction, right), await ask(right, prediction)];
  const correct = judgements.every((judgement) => judgement === true);
  const undecided = judgements.includes(null);
  const reason = undecided
    ? 'the judge gave no readable verdict'
    : judgements[0] !== judgements[1]
      ? 'the judge changed its mind when the answers were swapped'
      : `the judge says ${correct ? 'same' : 'different'}`;
  return { scores: { acc: correct ? 1 : 0 }, correct, reason, judgements, ...(undecided ? { undecided } : {}) };
}

export interface JudgeReport {
  judged: number;
  unreadable: number;
  /** Answers with different readable replies in the two orders: the bias of position. */
  swapped: number;
  /** How many of those were SAME only with the gold answer as A. */
  sameOnlyWithGoldFirst: number;
  /** Over answers with a metric's verdict: pairs, raw agreement and Cohen's kappa (J. Cohen, 1960). */
  agreement?: { pairs: number; rate: number; kappa: number };
}

/** Bias of the judge, and its agreement with a metric over the same questions. */
export function judgeReport(
  verdicts: readonly Pick<JudgedVerdict, 'correct' | 'undecided' | 'judgements'>[],
  metric?: readonly (Pick<Verdict, 'correct'> | undefined)[],
): JudgeReport {
  const read = verdicts.filter((verdict) => !verdict.judgements.includes(null));
  const swapped = read.filter(({ judgements: [a, b] }) => a !== b);
  const pairs = verdicts.flatMap((verdict, i) => {
    const other = metric?.[i];
    return other === undefined || verdict.undecided === true ? [] : [[verdict.correct, other.correct] as const];
  });
  return {
    judged: verdicts.length,
    unreadable: verdicts.filter((verdict) => verdict.undecided === true).length,
    swapped: swapped.length,
    sameOnlyWithGoldFirst: swapped.filter(({ judgements }) => judgements[1] === true).length,
    ...(pairs.length === 0 ? {} : { agreement: agreementOf(pairs) }),
  };
}

function agreementOf(pairs: readonly (readonly [boolean, boolean])[]): { pairs: number; rate: number; kappa: number } {
  const n = pairs.length;
  const rate = pairs.filter(([a, b]) => a === b).length / n;
  const yes = [0, 1].map((side) => pairs.filter((pair) => pair[side]).length / n) as [number, number];
  const chance = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1]);
  return { pairs: n, rate, kappa: chance === 1 ? 1 : (rate - chance) / (1 - chance) };
}

/** The identity of a judge: its model and its prompt. */
export async function identityOfJudge(model: ModelConfig): Promise<unknown> {
  return { model: await identityOfModel(model), prompt: loadJudgePrompt().hash };
}
