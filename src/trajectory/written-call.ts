/** Reads a function call that a model wrote as text: JSON, or the notation of its family. */
import { isJsonObject as isObject, jsonIn, type JsonObject } from './json-object';

export interface WrittenCall {
  name: string;
  /** What the tool is asked to do: the only argument, or the one whose name says so. */
  step: string;
}

/** Names that models give to the parts of a JSON call, in order of preference. OpenAI's form nests them in `function`. */
const NAME_KEYS = ['tool', 'name', 'tool_name', 'function', 'action', 'recipient_name', 'function_name'];
const ARGUMENT_KEYS = ['arguments', 'parameters', 'args', 'input', 'action_input', 'tool_input', 'params', 'kwargs'];
const STEP_KEYS = `step query task instruction question q text expression code problem prompt content input answer
    final_answer value description request search_query next_step thought`.split(/\s+/);

/**
 * Reads the first call of a text; undefined where there is none.
 *
 * @param isTool tells a tool's name, for objects such as `{ "search": "..." }`
 */
export function writtenCall(text: string, isTool: (name: string) => boolean): WrittenCall | undefined {
  return tagged(text) ?? element(text, isTool) ?? ofJson(text, isTool) ?? ofCode(text, isTool);
}

/** Notations in which the name stands outside the arguments: the name, and the text that holds them. */
const NOTATIONS: readonly RegExp[] = [
  // Llama 3.1, Functionary: <function=search>{...}</function>; Qwen3-Coder: <function=search><parameter=step>...</parameter>; Claude,
  // MiniMax, DeepSeek V3.2: <invoke name="search"><parameter name="step">...</parameter>, with a prefix of the vendor before each name.
  /<[^\s<>]*?(?:function=|invoke\s+name=)"?([\w.]+)"?[^<>]*>([^]*?)(?:<\/[^\s<>]*(?:function|invoke)>|$)/,
  // GLM: <tool_call>search <arg_key>step</arg_key><arg_value>...</arg_value>.
  /<tool_call>\s*([\w.]+)\s*(<arg_key>[^]*)/,
  // Hunyuan: <tool_call>search ```json {...}.
  /<tool_call>\s*([A-Za-z_]\w*)\s*(?:```(?:json)?\s*)?(\{[^]*)/,
  // gpt-oss: <|channel|>commentary to=functions.search ... <|message|>{...}, or what is left of it without special tokens.
  /to=(?:functions\.)?([\w.]+)(?:[^]*?<\|message\|>|\s*(?:code|json)?\s*(?=\{))([^]*)/,
  // DeepSeek: function<｜tool▁sep｜>search ```json {...} ```; Mistral: [TOOL_CALLS]search[ARGS]{...}; Qwen-Agent: ✿FUNCTION✿: search ✿ARGS✿: {...}.
  /(?:<｜tool▁sep｜>|\[TOOL_CALLS\]|✿FUNCTION✿:)\s*([A-Za-z_][\w.]*)\s*(?:\[ARGS\]|✿ARGS✿:)?([^]*)/,
  // DeepSeek V3.1: search<｜tool▁sep｜>{...}; Kimi: functions.search:0<|tool_call_argument_begin|>{...}.
  /([A-Za-z_][\w.]*)(?::\d+)?(?:<｜tool▁sep｜>|<\|tool_call_argument_begin\|>)([^]*)/,
];
/** Arguments one by one, as Qwen3-Coder and Claude write them, or GLM. */
const ARGUMENT =
  /<[^\s<>]*?parameter(?:=|\s+name=)"?([\w.]+)"?[^<>]*>([^]*?)(?:<\/[^\s<>]*parameter>|$)|<arg_key>([^]*?)<\/arg_key>\s*<arg_value>([^]*?)(?:<\/arg_value>|$)/g;

function tagged(text: string): WrittenCall | undefined {
  const [, name, given = ''] = NOTATIONS.map((notation) => notation.exec(text)).find(Boolean) ?? [];
  return name === undefined ? undefined : { name, step: stepOf(argumentsIn(given)) };
}

/** One by one, as JSON, or in words up to the mark that ends the call. */
function argumentsIn(text: string): object | string {
  const single = [...text.matchAll(ARGUMENT)].map(([, name, value, key = '', own = '']) => [
    (name ?? key).trim(),
    (value ?? own).trim(),
  ]);
  if (single.length > 0) return Object.fromEntries(single) as object;
  return filledIn(text) ?? (text.split(/<[|｜]/, 1)[0] as string);
}

/** Elements of XML: `<tool>search</tool><step>...</step>`, `<search>...</search>`. */
function element(text: string, isTool: (name: string) => boolean): WrittenCall | undefined {
  const parts = [...text.matchAll(/<(\w+)>\s*([^<>]+?)\s*(?:<\/\1>|$)/g)].map(([, key = '', value = '']) => ({
    key,
    value,
  }));
  const [, attribute = '', content = ''] =
    /<(?:tool|action|step|call)\s+(?:name|tool|type)=["'](\w+)["'][^<>]*>\s*([^<>]+)/i.exec(text) ?? [];
  if (isTool(attribute)) return { name: attribute, step: stepOf(content) };
  const named = parts.find(({ key, value }) => NAME_KEYS.includes(key) && isTool(value));
  if (named) {
    const step = parts.find(({ key }) => [...STEP_KEYS, ...ARGUMENT_KEYS].includes(key))?.value;
    if (step !== undefined) return { name: named.value, step: stepOf(step) };
  }
  const own = parts.find(({ key }) => isTool(key));
  return own && { name: own.key, step: own.value };
}

/**
 * Calls as code: `search(query="...")` in a list (Llama 4, LFM), behind a control mark (Llama 3), in `print` (Gemma);
 * `call:search{query:<escape>...<escape>}` (FunctionGemma, Gemma 4 with another mark); `Action: search[...]` (ReAct).
 */
function ofCode(text: string, isTool: (name: string) => boolean): WrittenCall | undefined {
  const calls = /([A-Za-z_][\w.]*)\(\s*(?:\w+\s*=\s*)?\[?\s*(["'])((?:[^\\]|\\.)*?)\2\s*[\]),]/g;
  for (const [, name = '', , step = ''] of text.matchAll(calls)) {
    const tool = name.replace(/\.(?:call|run|invoke)$/, '');
    if (isTool(tool)) return { name: tool, step: step.replace(/\\(["'])/g, '$1') };
  }
  // Action: search({"input": "..."}), as LlamaIndex was told.
  const [, called = '', object = ''] = /([A-Za-z_]\w*)\s*\(\s*(\{[^]{0,2000}\})\s*\)/.exec(text) ?? [];
  if (isTool(called)) return { name: called, step: stepOf(filledIn(object) ?? object) };
  const [, gemma = '', escaped = ''] =
    /\bcall:([\w.]+)\{\w+:(?:<escape>|<\|"\|>)([^]*?)(?:<escape>|<\|"\|>)/.exec(text) ?? [];
  if (isTool(gemma)) return { name: gemma, step: escaped };
  const [, react = '', inside = ''] = /^[\s*_`]*Action[ \d]*[*_`]*:[*_`]*\s*(\w+)\[(.+)\][*_`]*\s*$/im.exec(text) ?? [];
  return isTool(react) ? { name: react, step: inside } : undefined;
}

function ofJson(text: string, isTool: (name: string) => boolean): WrittenCall | undefined {
  const parsed = filledIn(text);
  if (parsed !== undefined) return callOf(parsed, isTool);
  // The object was cut off: read the parts that are there.
  const name = /"(?:tool|name|tool_name|action)"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  const step = /"(?:step|query|input|action_input|answer)"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(text)?.[1];
  return name !== undefined && step ? { name, step: step.replace(/\\n/g, ' ').replace(/\\(.)/g, '$1') } : undefined;
}

function callOf(value: unknown, isTool: (name: string) => boolean): WrittenCall | undefined {
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
function stepOf(given: unknown): string {
  if (typeof given === 'string') {
    const json = /^\s*"[{[]/.test(given)
      ? given
          .trim()
          .slice(1, -1)
          .replace(/\\(["\\])/g, '$1')
      : given;
    const inner = /^\s*[{[]/.test(json) ? filledIn(json) : undefined;
    // An object that was cut off at its end.
    const cut = /^\s*\{\s*"\w+"\s*:\s*"((?:[^"\\]|\\.)+)"?\s*$/.exec(json)?.[1];
    return inner === undefined ? (cut ?? json).trim() : stepOf(inner);
  }
  if (Array.isArray(given)) return given.map(stepOf).filter(Boolean).join(', ');
  if (!isObject(given)) return given === undefined || given === null ? '' : String(given);
  const telling = STEP_KEYS.find((key) => typeof given[key] === 'string' || typeof given[key] === 'number');
  if (telling !== undefined) return String(given[telling]).trim();
  return Object.values(given).map(stepOf).filter(Boolean).join(', ');
}

const isFilled = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** The first object or array of a text that has something in it, also as Python writes it or with a comma too many. */
const filledIn = (text: string): object | undefined =>
  jsonIn(text, /[{[]/g, isFilled) ?? (LOOSE.test(text) ? jsonIn(asJson(text), /[{[]/g, isFilled) : undefined);

/** The object of a text that is no JSON, but nearly so; undefined where there is none. */
export function nearlyJson(text: string): JsonObject | undefined {
  const found = filledIn(text);
  return isObject(found) ? found : undefined;
}

const LOOSE =
  /[{[]\s*'|,\s*[}\]]|[“”]|[{,]\s*[A-Za-z_]\w*"?\s*:|[:,[]\s*(?:None|True|False)\b|\\[^"\\/bfnrtu]|"[^"\n]*\n[^"\n]*"\s*[,}\]]/;
const PYTHON: Record<string, string> = { None: 'null', True: 'true', False: 'false' };

/** A line's end inside a text, and backslashes before what JSON escapes not: `\'`, `\d`. */
const asText = (token: string) =>
  token
    .replace(/\\([^])/g, (all, sign: string) => (sign === "'" ? sign : /["\\/bfnrtu]/.test(sign) ? all : `\\${all}`))
    .replace(/\r?\n/g, '\\n');

/** Texts in single or curly quotation marks, and names with one or none, become JSON's; a comma before a closing bracket goes. */
const asJson = (text: string) =>
  text
    .slice(0, 10_000)
    .replace(/[“”]/g, '"')
    .replace(
      /"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'|(?<=[{,]\s*)[A-Za-z_]\w*"?(?=\s*:)|\b(?:None|True|False)\b/g,
      (token, inner?: string) =>
        inner !== undefined
          ? JSON.stringify(inner.replace(/\\'/g, "'"))
          : token.startsWith('"')
            ? asText(token)
            : (PYTHON[token] ?? `"${token.replace('"', '')}"`),
    )
    .replace(/,(\s*[}\]])/g, '$1');
