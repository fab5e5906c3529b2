/** Messages between the makeQuestions workflow, its activities and its clients. Fields are added, never renamed. */
import type { Usage } from '../trajectory/step';

export interface QuestionMakingSettings {
  /** Documents that the facts come from: JSON lines of `{ title, text }`, text or Markdown. */
  corpus: string[];
  /** Questions wanted. */
  n: number;
  /** Folder of questions.jsonl and the data card. */
  out: string;
  /** Independent solutions of each candidate. */
  solutions: number;
  /** How many of them must give the proposed answer. */
  agree: number;
  /** Questions asked for in one call, and documents shown. */
  perCall: number;
  documents: number;
  /** Most calls in one run. */
  maxCalls: number;
  seed: number;
  /** Datasets whose questions must not be proposed again. */
  exclude: string[];
}

export interface Candidate {
  question: string;
  answer: string;
  /** Texts of the facts it was made from. */
  facts: string[];
  code: string;
}

export interface ProposedQuestions {
  candidates: Candidate[];
  rejections: Record<string, number>;
  usage: Usage;
  model: string;
}

export interface QuestionMakingProgress {
  kept: number;
  proposed: number;
  calls: number;
  /** Reason to count. */
  rejections: Record<string, number>;
  usage: Usage;
}
