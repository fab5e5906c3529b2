/**
 * Keeps test questions out of training, and questions that share much of their wording.
 *
 * A question is contaminated if it equals a test question (except case, spacing, marks and a prefix such as `Question 3:`), or if at least 70 % of its 8-grams of words occur in
 * the test sets: the rule of PaLM (arXiv 2204.02311, section 8), applied to training questions.
 */
import { readQuestionLines } from '../formats/question';
import { createFailure } from '../failures';
import { HashSet, hashText } from './text-hash';

export interface DecontaminationOptions {
  /** Words of an n-gram; 0 compares whole questions only. @default 8 */
  ngram?: number;
  /** Share of a question's n-grams that makes it contaminated. @default 0.7 */
  share?: number;
}

export type Contamination = 'exact' | 'n-gram';

/** Questions of the test sets, as hashes. */
export class TestQuestions {
  private readonly exact = new HashSet();
  private readonly ngrams = new HashSet();
  private readonly ngram: number;
  private readonly share: number;

  constructor({ ngram = 8, share = 0.7 }: DecontaminationOptions = {}) {
    this.ngram = ngram;
    this.share = share;
  }

  add(question: string): void {
    this.exact.add(hashText(wordsOf(question)));
    for (const gram of this.gramsOf(question)) this.ngrams.add(hashText(gram));
  }

  /**
   * Adds the questions of a dataset file (formats/question.ts).
   *
   * @throws InputInvalid at the first line without one, or when the file holds none
   */
  async addFile(path: string): Promise<number> {
    let count = 0;
    for await (const { question } of readQuestionLines(path)) {
      this.add(question.question);
      count += 1;
    }
    if (count === 0)
      throw createFailure('InputInvalid', `${path} holds no question, so nothing could be kept out of training.`);
    return count;
  }

  find(question: string): Contamination | undefined {
    if (this.exact.has(hashText(wordsOf(question)))) return 'exact';
    if (this.ngrams.size === 0) return undefined;
    let grams = 0;
    let shared = 0;
    for (const gram of this.gramsOf(question)) {
      grams += 1;
      if (this.ngrams.has(hashText(gram))) shared += 1;
    }
    return grams > 0 && shared >= grams * this.share ? 'n-gram' : undefined;
  }

  private *gramsOf(question: string): Generator<string> {
    if (this.ngram <= 0) return;
    const words = question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    for (let at = 0; at + this.ngram <= words.length; at += 1) yield words.slice(at, at + this.ngram).join(' ');
  }
}

/** What stands before a question: `Q: `, `**Question 3:**`, `Problem 2.`, `12) `. */
const BEFORE =
  /^(?:[\s>#*_-]*(?:(?:q|question|problem|exercise|task|example|user|human|input|prompt|query)\s*(?:(?:(?:no\.?|nr\.?|#)\s*)?\d+\s*[.:)]|:)|\(?\d+[.)](?=\s+\S))[\s*_]*)+(?=\S)/i;
/** What stands behind it, where an answer would follow: `A:`, `Answer:`. */
const BEHIND = /\s[\s*_]*(?:a|answer|solution|assistant)\s*:[\s*_]*$/i;

/**
 * Copies of a question differ in quotes and marks, and in what announces it and its answer; signs of arithmetic and points within numbers
 * make another question.
 */
function wordsOf(question: string): string {
  const marks = /["'“”‘’«»?!;:…]+|[,.](?=\s|$)/g;
  const alone = question.normalize('NFKC').replace(BEHIND, '').replace(BEFORE, '');
  return normalizeQuestion(alone.replace(marks, ' '));
}

/** Case, spacing and final punctuation do not make another question. */
export function normalizeQuestion(question: string): string {
  return question
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[\s.?!]+$/, '')
    .trim();
}
