/** Tells what a line has instead of a question or a label, and how to rename it. */
import { isJsonObject } from '../trajectory/json-object';
import { LABEL_NAMES } from './gold';

type Fields = Readonly<Record<string, unknown>>;

const QUESTIONS = 'instruction prompt query input inputs statement text Prompt claim ctx Input'.split(' ');
const LABELS = `reference output response completion label ground_truth expected targets answers
    final_ans ideal`.split(/\s+/);
const MAX_NAMES = 8;
export const SIMPLE = /^[A-Za-z_]\w*$/;

const isValue = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

/** Conversations: the path of the first and of the last message. */
const TURNS: Record<string, string> = { messages: 'content', conversations: 'value' };

function paths(fields: Fields): { question?: string; answer?: string } {
  const turns = Object.keys(TURNS).find((name) => Array.isArray(fields[name]));
  if (turns !== undefined)
    return { question: `.${turns}[-2].${TURNS[turns]}`, answer: `.${turns}[-1].${TURNS[turns]}` };
  const pick = (names: readonly string[]) =>
    names.find((name) => isValue(fields[name])) ??
    // In other capitals: QUESTION.
    Object.keys(fields).find(
      (name) => SIMPLE.test(name) && isValue(fields[name]) && names.includes(name.toLowerCase()),
    );
  // verl and OpenAI's evals: messages as the prompt, the label in an object.
  const asked = ['prompt', 'input'].find((name) => Array.isArray(fields[name]));
  // MT-bench and LiveBench.
  const turn = Array.isArray(fields.turns) && fields.turns.length === 1 ? 'turns[0]' : undefined;
  const question = asked === undefined ? (turn ?? pick([...QUESTIONS, 'question', 'problem'])) : `${asked}[-1].content`;
  const reward = fields.reward_model as Fields | null | undefined;
  const answer =
    reward?.ground_truth === undefined ? pick([...LABELS, 'answer', 'target']) : 'reward_model.ground_truth';
  return { ...(question && { question: `.${question}` }), ...(answer && { answer: `.${answer}` }) };
}

/** How to take questions out of a list within a line (BIG-bench, SQuAD, TAT-QA), or out of an object of them (TabMWP, DROP). */
function unpacked(fields: Fields): string | undefined {
  const lists = Object.entries(fields).flatMap(([name, value]): [string, Fields][] => {
    const first: unknown =
      Array.isArray(value) && SIMPLE.test(name) && !Object.hasOwn(TURNS, name) ? value[0] : undefined;
    return isJsonObject(first) && !('role' in first) ? [[name, first]] : [];
  });
  const [list] =
    lists.find(([, first]) => ['question', 'input', 'problem'].some((name) => name in first)) ?? lists[0] ?? [];
  if (list !== undefined) return `jq -c '. as $all | .${list}[] | ($all | del(.${list})) + .' FILE > NEW`;
  const values = Object.values(fields);
  const isKeyed = values.length > 0 && values.every(isJsonObject);
  return isKeyed ? "jq -c 'to_entries[] | {id: .key} + .value' FILE > NEW" : undefined;
}

/** pandas writes columns, unless it is told to write lines. */
const AS_RECORDS = (read: string) =>
  `it has columns, not lines: python3 -c "import pandas; pandas.read_json('FILE'${read}).to_json('NEW.jsonl', orient='records', lines=True)"`;

/** Says of a whole table that it is none of the lines, and how to make lines of it; undefined for a line. */
export function columnsAdvice(fields: Fields): string | undefined {
  if (Array.isArray(fields.columns) && Array.isArray(fields.data)) return AS_RECORDS(", orient='split'");
  const columns = Object.values(fields);
  const isColumn = (value: unknown) => {
    const rows = isJsonObject(value) ? Object.keys(value) : [];
    return rows.length > 0 && rows.every((row) => /^\d+$/.test(row));
  };
  return columns.length > 0 && columns.every(isColumn) ? AS_RECORDS('') : undefined;
}

const nullLabel = (fields: Fields): string | undefined =>
  [...LABEL_NAMES, ...LABELS].find((name) => SIMPLE.test(name) && (fields[name] === null || fields[name] === ''));

/** Continues a sentence about a field that a line lacks: `; it has instruction, output. Rename them: jq -c ...`. */
export function fieldAdvice(fields: Fields, lacks: readonly ('question' | 'answer')[]): string {
  const names = Object.keys(fields).filter((name) => SIMPLE.test(name));
  const empty = lacks.includes('answer') ? nullLabel(fields) : undefined;
  if (empty !== undefined)
    return `; its ${empty} is empty. Leave such lines out with: jq -c 'select(.${empty} != null and .${empty} != "")' FILE > NEW`;
  const inner = typeof (fields.question ?? fields.problem) === 'string' ? undefined : unpacked(fields);
  if (inner !== undefined) return `; if its questions lie deeper, take them out with: ${inner}`;
  if (names.length === 0) return '';
  const found = paths(fields);
  const renamed = lacks.flatMap((name) => (found[name] === undefined ? [] : [`${name}: ${found[name]}`]));
  const how = renamed.length === 0 ? '' : `. Rename with: jq -c '. + {${renamed.join(', ')}}' FILE > NEW`;
  return `; it has ${names.slice(0, MAX_NAMES).join(', ')}${names.length > MAX_NAMES ? ', ...' : ''}${how}`;
}
