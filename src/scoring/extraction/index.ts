/** Extraction of answers from whole responses. */

export type { Extraction } from '../../contract/scoring';
export {
  extractAnswer,
  readAnswer,
  type AnswerKind,
  type ExtractOptions,
  type ExtractionRule,
  type Reading,
} from './extract-answer';
export { goldAnswer, hasSeveralParts } from './gold-answer';
