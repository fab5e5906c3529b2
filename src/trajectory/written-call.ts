/** Reads a function call that a model wrote as text: JSON, or the notation of its family. */

export interface WrittenCall {
  name: string;
  /** What the tool is asked to do: the only argument, or the one whose name says so. */
  step: string;
}

/** Names that models give to the parts of a JSON call, in order of preference. OpenAI's form nests them in `function`. */
const NAME_KEYS = ['tool', 'name', 'tool_name', 'function', 'action', 'recipient_name', 'function_name'];
const ARGUMENT_KEYS = ['arguments', 'parameters', 'args', 'input', 'action_input', 'tool_input', 'params', 'kwargs'];
const STEP_KEYS = [
  'step',
  'query',
  'task',
  'instruction',
  'question',
  'q',
  'text',
  'expression',
  'code',
  'problem',
  'prompt',
  'content',
  'input',
  'answer',
  'final_answer',
  'value',
  'description',
  'request',
  'search_query',
  'next_step',
  'thought',
];

type Json = unknown;
const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the first call of a text; undefined where there is none.
 *
 * @param isTool tells a tool's name, for objects such as `{ "search": "..." }`
 */
export function writtenCall(text: string, isTool: (name: string) => boolean): WrittenCall | undefined {
  return tagged(text) ?? ofJson(text, isTool);
}

/** Notations in which the name stands outside the JSON. */
function tagged(text: string): WrittenCall | undefined {
  // Llama 3.1 and Functionary: <function=search>{...}</function>; Qwen3-Coder: <function=search><parameter=step>...</parameter>.
  const [, functionName, inside = ''] = /<function=([\w.]+)>([\s\S]*?)(?:<\/function>|$)/.exec(text) ?? [];
  if (functionName !== undefined) {
    const parameters = [...inside.matchAll(/<parameter=([\w.]+)>([\s\S]*?)(?:<\/parameter>|$)/g)];
    const given =
      parameters.length > 0
        ? Object.fromEntries(parameters.map(([, key, value]) => [key, value?.trim()]))
        : jsonIn(inside);
    return { name: functionName, step: stepOf(given ?? inside) };
  }
  // GLM: <tool_call>search <arg_key>step</arg_key><arg_value>...</arg_value>.
  const [, glm, values = ''] = /<tool_call>\s*([\w.]+)\s*((?:<arg_key>[\s\S]*)|$)/.exec(text) ?? [];
  if (glm !== undefined && values !== '') {
    const pairs = [...values.matchAll(/<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)(?:<\/arg_value>|$)/g)];
    return {
      name: glm,
      step: stepOf(Object.fromEntries(pairs.map(([, key, value]) => [key?.trim() ?? '', value?.trim()]))),
    };
  }
  // gpt-oss: <|channel|>commentary to=functions.search ... <|message|>{...}.
  const [, recipient, message = ''] = /to=(?:functions\.)?([\w.]+)[\s\S]*?<\|message\|>([\s\S]*)/.exec(text) ?? [];
  if (recipient !== undefined) return { name: recipient, step: stepOf(jsonIn(message) ?? message) };
  // DeepSeek: function<｜tool▁sep｜>search ```json {...} ```; Mistral: [TOOL_CALLS]search[ARGS]{...}; Qwen-Agent: ✿FUNCTION✿: search ✿ARGS✿: {...}.
  const [, other, rest = ''] =
    /(?:<｜tool▁sep｜>|\[TOOL_CALLS\]|✿FUNCTION✿:)\s*([A-Za-z_][\w.]*)\s*(?:\[ARGS\]|✿ARGS✿:)?([\s\S]*)/.exec(text) ??
    [];
  if (other !== undefined) return { name: other, step: stepOf(jsonIn(rest) ?? rest) };
  return undefined;
}

function ofJson(text: string, isTool: (name: string) => boolean): WrittenCall | undefined {
  const parsed = jsonIn(text);
  if (parsed !== undefined) return callOf(parsed, isTool);
  // The object was cut off: read the parts that are there.
  const name = /"(?:tool|name|tool_name|action)"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  const step = /"(?:step|query|input|action_input|answer)"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(text)?.[1];
  return name !== undefined && step ? { name, step: step.replace(/\\n/g, ' ').replace(/\\(.)/g, '$1') } : undefined;
}

function callOf(value: Json, isTool: (name: string) => boolean): WrittenCall | undefined {
  if (Array.isArray(value)) return value.length > 0 ? callOf(value[0], isTool) : undefined;
  if (!isObject(value)) return undefined;
  for (const key of ['tool_calls', 'tool_call', 'function_call', 'function', 'action', 'next_action', 'call'])
    if (typeof value[key] === 'object' && value[key] !== null) return callOf(value[key], isTool);
  const nameKey = NAME_KEYS.find((key) => typeof value[key] === 'string');
  if (nameKey !== undefined) {
    const { [nameKey]: name, ...rest } = value;
    const given = ARGUMENT_KEYS.find((key) => rest[key] !== undefined);
    return { name: name as string, step: stepOf(given === undefined ? rest : rest[given]) };
  }
  const [named] = Object.keys(value).filter(isTool);
  return named === undefined ? undefined : { name: named, step: stepOf(value[named]) };
}

/** The step in the arguments: a text, JSON in a text, the best-named member, or all members. */
function stepOf(given: Json): string {
  if (typeof given === 'string') {
    const inner = /^\s*[{[]/.test(given) ? jsonIn(given) : undefined;
    return inner === undefined ? given.trim() : stepOf(inner);
  }
  if (Array.isArray(given)) return given.map(stepOf).filter(Boolean).join(', ');
  if (!isObject(given)) return given === undefined || given === null ? '' : String(given);
  const telling = STEP_KEYS.find((key) => typeof given[key] === 'string' || typeof given[key] === 'number');
  if (telling !== undefined) return String(given[telling]).trim();
  return Object.values(given).map(stepOf).filter(Boolean).join(', ');
}

/** Bounds on the search for JSON, so that a text full of brackets costs little: brackets tried, and characters searched. */
const MAX_BEGINNINGS = 40;
const MAX_CHARS = 20_000;

/** The first complete JSON object or array of a text, wherever it stands. */
function jsonIn(whole: string): Json {
  const text = whole.slice(0, MAX_CHARS);
  for (let at = text.search(/[{[]/), tried = 0; at >= 0 && tried < MAX_BEGINNINGS; tried += 1) {
    const end = endOfJson(text, at);
    if (end !== undefined)
      try {
        const value: Json = JSON.parse(text.slice(at, end));
        if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) return value;
      } catch {
        // Not JSON; the next bracket may begin some.
      }
    const next = text.slice(at + 1).search(/[{[]/);
    if (next < 0) return undefined;
    at += 1 + next;
  }
  return undefined;
}

/** Where the bracket at `start` is closed, strings passed over. */
function endOfJson(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return undefined;
}
