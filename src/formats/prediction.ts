/** Predictions to be scored: JSON lines of `{ dataset, index, prediction }`; a line may carry its own label as `gold`. */
import { z } from 'zod';
import type { LineSource } from '../files/line-reader';
import { isJsonObject } from '../trajectory/json-object';
import type { QuestionIndex } from '../trajectory/trajectory';
import { columnsAdvice, SIMPLE } from './field-advice';
import { goldSchema, labelOf, type Gold } from './gold';
import { readJsonLines, type LineProblem } from './json-lines';
import { indexSchema } from './question';

export interface Prediction {
  /** Counted from 1. */
  line: number;
  dataset?: string;
  index: QuestionIndex | null;
  /** Which of several answers to the question. */
  sample?: number;
  prediction: string | null;
  /** The line's own gold answer; then no dataset is needed. */
  gold?: Gold;
}

/** Where other programs write a response, in order of preference: raw text before what they took from it. */
const RESPONSES = `prediction response resps output completion generation generated_text predicted_text model_output
    model_response model_answer predict pred`.split(/\s+/);
/** Fields of a response that lead to its text: OpenAI's batches and completions, inspect_ai, lighteval, promptfoo. */
const WITHIN = ['completion', 'body', 'choices', 'message', 'content', 'text', 'output'];
const INDEXES = ['index', 'custom_id', 'id', 'task_id', 'doc_id', 'sample_id', 'instance_id', 'idx'];
/** Not `answer`, which may be the model's. */
const LABELS = ['target', 'expected_answer', 'ground_truth', 'label', 'gt'];
const MAX_NAMES = 8;

function textWithin(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? textWithin(value[0]) : value;
  if (!isJsonObject(value)) return value;
  const name = WITHIN.find((field) => value[field] !== undefined);
  return name === undefined ? value : textWithin(value[name]);
}

const exactText = (value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** What stands in the place of a response. */
function advice(fields: Readonly<Record<string, unknown>>): string {
  const list = Object.keys(fields).find((name) => Array.isArray(fields[name]) && isJsonObject(fields[name][0]));
  if (list !== undefined) return `; if its predictions lie deeper, take them out with: jq -c '.${list}[]' FILE > NEW`;
  const names = Object.keys(fields).filter((name) => !INDEXES.includes(name));
  if (names.length === 0) return '';
  // SQuAD's predictions: one object for all questions.
  if (names.length > 50 || names.every((name) => /^\d+$/.test(name)))
    return "; take the predictions out with: jq -c 'to_entries[] | {index: .key, prediction: .value}' FILE > NEW";
  const simple = names.filter((name) => SIMPLE.test(name));
  if (simple.length === 0) return '';
  return `; it has ${simple.slice(0, MAX_NAMES).join(', ')}${simple.length > MAX_NAMES ? ', ...' : ''}. Rename with: jq -c '.prediction = .NAME' FILE > NEW`;
}

/** @param ownLabels also labels under the names of other programs count */
const predictionSchema = (ownLabels: boolean) =>
  z.preprocess(
    (line, context) => {
      if (!isJsonObject(line)) return line;
      const name = RESPONSES.find((field) => line[field] !== undefined);
      const columns = columnsAdvice(line);
      if (columns !== undefined || name === undefined) {
        context.addIssue(
          columns === undefined
            ? { code: 'custom', path: ['prediction'], message: `missing${advice(line)}` }
            : { code: 'custom', message: columns },
        );
        return z.NEVER;
      }
      const label = ownLabels ? LABELS.find((field) => line[field] != null) : undefined;
      return {
        // A line of a run directory.
        dataset: line.dataset ?? (typeof line.key === 'string' ? line.task : undefined),
        index: INDEXES.map((field) => line[field]).find((index) => index != null),
        sample: line.sample ?? line.epoch,
        key: line.key,
        failed: isJsonObject(line.failure),
        prediction: exactText(textWithin(line[name])),
        gold: line.gold ?? (label === undefined ? undefined : labelOf({ gold: undefined, target: line[label] })),
      };
    },
    z
      .object({
        dataset: z.string().optional(),
        index: indexSchema.nullish(),
        sample: z.number().optional().catch(undefined),
        key: z.string().optional().catch(undefined),
        failed: z.boolean(),
        prediction: z.union([z.string(), z.number(), z.boolean(), z.null()], {
          error: 'is not text, a number, true, false or null',
        }),
        gold: goldSchema.nullish(),
      })
      .refine((line) => line.gold != null || line.index != null, {
        error:
          "it has neither index nor gold; if the lines stand in the order of the questions, number them with: jq -c '.index = input_line_number - 1' FILE > NEW",
      }),
  );

/**
 * Predictions of a file or stream, in their order; numbers and truth values become text.
 *
 * @param options `ownLabels`: also labels under the names of other programs count, such as `target`
 * @returns also the lines that could not be read
 * @throws InputInvalid where the file cannot be read at all
 */
export async function readPredictions(
  source: LineSource,
  { ownLabels = false }: { ownLabels?: boolean } = {},
): Promise<{ items: Prediction[]; problems: LineProblem[] }> {
  const items: Prediction[] = [];
  const problems: LineProblem[] = [];
  const onProblem = (problem: LineProblem) => problems.push(problem);
  const schema = predictionSchema(ownLabels);
  /** Lines of a run directory that failed, by their keys: the run may have asked these questions again. */
  const failed = new Map<string, Prediction>();
  for await (const { value, line } of readJsonLines(source, 'a prediction', schema, {
    onProblem,
    exactIntegers: true,
  })) {
    const { dataset, index = null, sample, prediction, gold, key } = value;
    const before = key === undefined ? undefined : failed.get(key);
    if (before) items.splice(items.indexOf(before), 1);
    const item = {
      line,
      dataset,
      index,
      ...(sample === undefined ? {} : { sample }),
      prediction: prediction === null ? null : String(prediction),
      ...(gold == null ? {} : { gold }),
    };
    items.push(item);
    if (key === undefined) continue;
    if (value.failed) failed.set(key, item);
    else failed.delete(key);
  }
  return { items, problems };
}
