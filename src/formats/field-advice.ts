/** Tells what a line has instead of a question or a label, and how to rename it. */

type Fields = Readonly<Record<string, unknown>>;

const QUESTIONS = ['instruction', 'prompt', 'query', 'input', 'inputs', 'statement', 'text'];
const LABELS = [
  'output',
  'response',
  'completion',
  'label',
  'ground_truth',
  'final_answer',
  'expected',
  'targets',
  'answers',
];
const MAX_NAMES = 8;
const SIMPLE = /^[A-Za-z_]\w*$/;

/** Conversations: the path of the first and of the last message. */
const TURNS: Record<string, string> = { messages: 'content', conversations: 'value' };

function paths(fields: Fields): { question?: string; answer?: string } {
  const turns = Object.keys(TURNS).find((name) => Array.isArray(fields[name]));
  if (turns !== undefined)
    return { question: `.${turns}[-2].${TURNS[turns]}`, answer: `.${turns}[-1].${TURNS[turns]}` };
  const pick = (names: readonly string[]) =>
    names.find((name) => typeof fields[name] === 'string' || typeof fields[name] === 'number');
  const [question, answer] = [pick(QUESTIONS), pick(LABELS)];
  return { ...(question && { question: `.${question}` }), ...(answer && { answer: `.${answer}` }) };
}

/** Continues a sentence about a field that a line lacks: `; it has instruction, output. Rename them: jq -c ...`. */
export function fieldAdvice(fields: Fields, lacks: readonly ('question' | 'answer')[]): string {
  const names = Object.keys(fields).filter((name) => SIMPLE.test(name));
  if (names.length === 0) return '';
  const found = paths(fields);
  const renamed = lacks.flatMap((name) => (found[name] === undefined ? [] : [`${name}: ${found[name]}`]));
  const how = renamed.length === 0 ? '' : `. Rename with: jq -c '. + {${renamed.join(', ')}}' FILE > NEW`;
  return `; it has ${names.slice(0, MAX_NAMES).join(', ')}${names.length > MAX_NAMES ? ', ...' : ''}${how}`;
}
