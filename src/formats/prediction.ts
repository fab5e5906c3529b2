/** Predictions to be scored: JSON lines of `{ dataset, index, prediction }`; a line may carry its own label as `gold`. */
import { z } from 'zod';
import type { LineSource } from '../files/line-reader';
import type { QuestionIndex } from '../trajectory/trajectory';
import { goldSchema, type Gold } from './gold';
import { readJsonLines, type LineProblem } from './json-lines';
import { indexSchema } from './question';

export interface Prediction {
  /** Counted from 1. */
  line: number;
  dataset?: string;
  index: QuestionIndex | null;
  prediction: string | null;
  /** The line's own gold answer; then no dataset is needed. */
  gold?: Gold;
}

const predictionSchema = z
  .object({
    dataset: z.string().optional(),
    index: indexSchema.nullish(),
    prediction: z.union([z.string(), z.number(), z.boolean(), z.null()], {
      error: ({ input }) => (input === undefined ? 'missing' : 'is not text, a number, true, false or null'),
    }),
    gold: goldSchema.nullish(),
  })
  .refine((line) => line.gold != null || line.index != null, { error: 'it has neither index nor gold' });

/**
 * Predictions of a file or stream, in their order; numbers and truth values become text.
 *
 * @returns also the lines that could not be read
 * @throws InputInvalid where the file cannot be read at all
 */
export async function readPredictions(source: LineSource): Promise<{ items: Prediction[]; problems: LineProblem[] }> {
  const items: Prediction[] = [];
  const problems: LineProblem[] = [];
  const onProblem = (problem: LineProblem) => problems.push(problem);
  for await (const { value, line } of readJsonLines(source, 'a prediction', predictionSchema, { onProblem })) {
    const { dataset, index = null, prediction, gold } = value;
    items.push({
      line,
      dataset,
      index,
      prediction: prediction === null ? null : String(prediction),
      ...(gold == null ? {} : { gold }),
    });
  }
  return { items, problems };
}
