/**
 * Finds the action in a model's text: a line `[tool] step`, a function call in the notation of the model's family, JSON, ReAct, or a
 * line `tool: step`. The result is a line for `parse-action.ts`.
 */
import { bracedAt } from './braces';
import { BUILT_IN_TOOLS } from './step';
import { writtenCall, type WrittenCall } from './written-call';

const FINISH = new Set(['finish', 'final', 'final_answer', 'finalanswer', 'answer', 'done', 'submit', 'respond']);

/** A label or a number may stand before it: `Next step: [search] ...`, `Step 2: ...`, `2. **[code]** ...`; brackets may hold blanks and the word tool. */
const TOOL_LINE =
  /^[\s*_`>"'#-]*(?:\d+[.)]\s*|[A-Za-z][A-Za-z \d]{0,40}:\s*)?[*_`]*[[【［]\s*(?:tool:\s*)?(\w+(?:[ -](?!tool\b)\w+)?)(?: tool)?\s*[\]】］][*_`:]*[ \t]*(?:[-–—][ \t]+(?=[A-Za-z])|(?:→|->|=>|:)[ \t]*(?=\S))?(.*)$/i;
/** `[1] [search] ...`, `[Step 2] [search] ...` */
const NUMBERED = /^[\s*_`>"'#-]*\[(?:step )?\d+\]\s*(?=\[)/i;
/** A further action behind a step. */
const NEXT_ACTION = /(?<=[.!?])\s+\[(\w+)\][ \t]*(?=\S)/g;
/** Other brackets count only around the name of a tool: `(search) ...`, `<search> ...`. */
const BRACKETED = /^[\s*_`>"'#-]*(?:\d+[.)]\s*)?(?:\((\w+)\)|<(\w+)>)[*_`:]*[ \t]*(\S.*)$/;
/** `tool: search` and `step: ...` on lines of their own, as YAML or as Markdown has them. */
const LABELLED =
  /^[\s*_`#-]*(?:tool|action)[*_`]*\s*:[*_`]*\s*["']?(\w+)["']?[*_`]*\s*\n[\s*_`#-]*(?:step|query|input|task|instruction)[*_`]*\s*:[*_`]*\s*(\S.*)$/im;
/** Behind `.`, `!`, `?` or `:`, a tag, `(1)`, `a)`, `Step 1` or `[Step 1]`. In the middle of a sentence it is talk of the tool. */
const BEHIND_WORDS =
  /(?:[.!?:]["')*]*[ \t]+|^\s*(?:<\w+>|\(\w{1,2}\)|\w\)|\[?step \d+\]?[.)]?(?:[ \t]*[-–—])?)[ \t]*)\[(\w+)\][ \t]*(?=[\w"'$\\-])([^\n]+)/gi;
/** Other spellings of `[tool] step` at the start of a line: the name of a tool, and the step where it stands inside. */
const SPELT: readonly RegExp[] = [
  // [tool] search: ..., [Tool] [search] ...
  /^[^\w\n]*?\[tool\][ \t]*\[?(\w+)\]?[ \t]*:?[ \t]+(?=\S)()/gim,
  // [[search]] ..., \[search\] ..., [tool=search] ..., {search} ...
  /^[^\w\n]*?\\?\[{1,2}(?:tool\s*=\s*)?(\w+)\\?\]{1,2}[*_`:]*[ \t]*(?=\S)()/gim,
  /^[^\w\n]*?\{{1,2}(\w+)\}{1,2}[*_`:]*[ \t]*(?=\S)()/gim,
  // [search: ...], [search | ...], search[...]
  /^[^\w\n]*?\[(\w+)\s*[:|]\s*([^[\]\n]+)\][^\w\n]*$/gim,
  /^(?:[^\w\n]*Action[ \d]*:)?[^\w\n]*?(\w+)\[([^\]\n]+)\][^\w\n]*$/gim,
  // **Search** for ..., ### Search and the step below
  /^[^\w\n]*?\*\*(\w+)\*\*[ \t]+(?=[a-z])(?!(?:is|are|was|were|can|has|of)\b)()/gim,
  /^#{1,6}[ \t]*(\w+)[ \t]*\n\s*(?=[a-z])()/gim,
];
/** `I will use the search tool to find ...`, `Use [search] to find ...` */
const TOLD =
  /\b(?:use|using|call|calling)\s+(?:the\s+)?(?:\[(\w+)\](?: tool)?|[`*"']*(\w+)[`*"']*\s+tool)\s*(?::|\bto\b|\bfor\b)\s*(\S.*)$/im;
/** Names by the tool of ours that they mean. */
const byName = (meant: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(meant).flatMap(([tool, names]) => names.split(' ').map((name) => [name, tool])));
/** Tools that other agents have. */
const KNOWN_ELSEWHERE = byName({
  search: 'web_search google_search google internet_search wikipedia wikipedia_search duckduckgo_search',
  code: 'calculator python python_interpreter python_repl code_interpreter',
});
/** Words in brackets; outside of brackets they are prose. */
const IN_BRACKETS = byName({
  search: 'lookup look_up retrieve retrieval query internet web',
  code: 'calculate calculation compute coding program programming javascript',
  math: 'mathematics maths arithmetic algebra math_reasoning',
  commonsense: 'common_sense commonsense_reasoning reasoning reason logic knowledge',
  finish: 'finished end stop complete completed conclusion conclude',
});
/** Control marks of Mistral's models, which look like tools. */
const NOT_TOOLS = /^(TOOL_CALLS|ARGS|THINK|INST)$/;
const NAMED_LINE =
  /^[\s*_`>"'#-]*(?:\d+[.)]\s*)?[*_`]*(?:(?:tool|action)\s*:\s*)?([A-Za-z_]\w*)[*_`]*\s*(?::|->|=>|→| [-–—] )\s*[*_`]*\s*(\S.*)$/i;
const CALLED = /^[\s*_`>]*([A-Za-z_]\w*)\(\s*(?:\w+\s*=\s*)?["']?((?<=["']).+(?=["'])|-?\d[\d.,]*)["']?\s*\)[`;]*\s*$/;
const REACT = /^[\s*_`]*Action[*_`]*\s*:[*_`]*\s*(\w+)[*_`]*\s*$/im;
const REACT_INPUT = /^[\s*_`]*Action[ _]Input[*_`]*\s*:[*_`]*\s*(\S.*)$/im;
const FINAL =
  /^[\s*_`>#]*(?:(?:so|thus|hence|therefore),? )?(?:final answer|the (?:final )?answer is)[*_`]*\s*:?[*_`]*\s*(\S.*)$/im;
/** Answers as other benchmarks mark them: GSM8K's `#### 42`, MATH's box, tags. */
const MARKED = /^####\s*(\S.*)$|<(?:final_)?answer>\s*([^<>]+?)\s*<\/(?:final_)?answer>/im;

/**
 * The first action of the text as `[tool] step`; undefined if none is found.
 *
 * @param customTools the user's own tools, beside the built-in ones
 */
export function actionLine(text: string, customTools: readonly string[] = []): string | undefined {
  const tools = new Set<string>([...BUILT_IN_TOOLS, ...customTools]);
  const plain = inBrackets(text, tools);
  return fromToolLine(plain, tools) ?? fromCall(plain, tools) ?? fromWords(plain, tools) ?? behindWords(plain, tools);
}

/** `I know both areas. [finish] The answer is 7.`: a known tool behind the end of a sentence, a tag or a number; the last resort. */
function behindWords(text: string, tools: ReadonlySet<string>): string | undefined {
  for (const line of text.split('\n'))
    for (const { 1: name = '', 2: rest = '' } of line.matchAll(BEHIND_WORDS)) {
      const tool = toolNamed(name, tools);
      const step = bare(rest.replace(/<\/\w+>\s*$/, ''));
      if (tool !== undefined && step !== '') return action(tool, step);
    }
  return undefined;
}

/** Writes other spellings of an action as `[tool] step`. */
function inBrackets(text: string, tools: ReadonlySet<string>): string {
  const written = (all: string, name: string, step: string) => {
    const tool = toolNamed(name, tools);
    return tool === undefined ? all : `[${tool}] ${step}`;
  };
  const unboxed = text
    .replace(/\\boxed\s*\{\s*(\[\w+\][^{}\n]*)\}/g, '$1')
    .replace(/<(final(?:_answer)?)>\s*(\[\w+\][^<\n]*)<\/\1>/g, '$2');
  return SPELT.reduce((plain, form) => plain.replace(form, written), unboxed);
}

/**
 * The same where several steps may be named: up to `lines` of its tools, each on a line of its own or behind a semicolon, and nothing
 * between them. The first may be any action, and is then the only one.
 */
export function actionLines(
  text: string,
  customTools: readonly string[],
  { tools, lines }: { tools: readonly string[]; lines: number },
): string[] {
  const named = new Set(tools);
  const all = new Set<string>([...BUILT_IN_TOOLS, ...customTools]);
  // Behind the end of a step, not behind a number or a label. A tool's name holds letters, digits and underscores alone.
  const beside = new RegExp(`(?<=[A-Za-z?!)"'][.]?)[;,]*[ \\t]+(?=\\[(?:${tools.join('|')})\\][ \\t]*\\S)`, 'gi');
  const apart = text.replace(beside, '\n');
  const first = actionLine(apart, customTools);
  if (first === undefined) return [];
  const found: string[] = [];
  for (const line of apart.split('\n')) {
    const [, name = '', rest = ''] = TOOL_LINE.exec(line) ?? [];
    const tool = name === '' || NOT_TOOLS.test(name) ? undefined : toolNamed(name, all);
    if (tool !== undefined && named.has(tool) && bare(rest) !== '') found.push(action(tool, bare(rest)));
    else if (found.length > 0 && line.trim() !== '') break;
    if (found.length >= lines) break;
  }
  return found[0] === first ? found : [first];
}

/** `[finish] The answer is`, whose answer stands on the next line. */
const ANSWER_BELOW = /^(?:so\s+)?(?:the\s+)?(?:final\s+|correct\s+)?answer(?:\s+is)?\s*:?$/i;

/** Finds `[tool] step` at the start of any line, with or without Markdown around it. */
function fromToolLine(text: string, tools: ReadonlySet<string>): string | undefined {
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    const [, name, rest = ''] = TOOL_LINE.exec(line.replace(NUMBERED, '')) ?? [];
    // `The tools are: [search], [code].` only names them.
    if (name === undefined || NOT_TOOLS.test(name) || /^\s*[,;]/.test(rest)) continue;
    const said = bare(beforeNext(rest, tools));
    const step =
      (ANSWER_BELOW.test(said) ? '' : said) ||
      bare(lines.slice(at + 1).find((next) => !/^\s*(?:```\w*\s*)?$/.test(next)) ?? '');
    const tool = toolInBrackets(name, tools);
    if (step && (tool !== undefined || /^\w+$/.test(name))) return action(tool ?? name, step);
  }
  return undefined;
}

/** A model that writes on by itself has not seen what its first step gives: the rest is guessed. */
function beforeNext(rest: string, tools: ReadonlySet<string>): string {
  const next = [...rest.matchAll(NEXT_ACTION)].find(([, name = '']) => toolNamed(name, tools) !== undefined);
  return next ? rest.slice(0, next.index) : rest;
}

function fromCall(text: string, tools: ReadonlySet<string>): string | undefined {
  const call = writtenCall(text, (name) => toolNamed(name, tools) !== undefined);
  return call && actionOfCall(call, tools);
}

function actionOfCall({ name, step }: WrittenCall, tools: ReadonlySet<string>): string | undefined {
  if (step === '') return undefined;
  return action(toolNamed(name, tools) ?? (name.replace(/\W/g, '_') || 'unknown'), step);
}

function fromWords(text: string, tools: ReadonlySet<string>): string | undefined {
  const [, labelled = '', told = ''] = LABELLED.exec(text) ?? [];
  const named = toolNamed(labelled, tools);
  if (named !== undefined) return action(named, bare(told));
  const react = toolNamed(REACT.exec(text)?.[1] ?? '', tools);
  const input = REACT_INPUT.exec(text)?.[1];
  if (react !== undefined && input !== undefined) return action(react, bare(input));
  for (const line of text.split('\n')) {
    const [, round, angle, rest = ''] = BRACKETED.exec(line) ?? [];
    const [, name = '', step = ''] = CALLED.exec(line) ?? NAMED_LINE.exec(line) ?? ['', round ?? angle, rest];
    const tool = toolNamed(name, tools);
    if (tool !== undefined && bare(step) !== '') return action(tool, bare(step));
  }
  const marked =
    MARKED.exec(text)
      ?.slice(1)
      .find((part) => part !== undefined) ?? boxIn(text)?.content;
  const final = FINAL.exec(text)?.[1] ?? marked;
  if (final !== undefined) return action('finish', bare(final));
  const [, bracketed, plainly, step = ''] = TOLD.exec(text) ?? [];
  const tool = toolNamed(bracketed ?? plainly ?? '', tools);
  return tool === undefined ? undefined : action(tool, bare(step));
}

function toolInBrackets(name: string, tools: ReadonlySet<string>): string | undefined {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return (
    toolNamed(name, tools) ??
    toolNamed(plain, tools) ??
    toolNamed(plain.split('_').at(-1) ?? '', tools) ??
    IN_BRACKETS[plain]
  );
}

/** The tool that a name means: `Search`, `functions.search` and `search_tool` are `search`. */
function toolNamed(name: string, tools: ReadonlySet<string>): string | undefined {
  if (tools.has(name)) return name;
  // gpt-oss writes its channel behind a name: search<|channel|>commentary.
  const plain = name
    .replace(/<\|[^]*$/, '')
    .trim()
    .replace(/^.*[./:]/, '')
    .toLowerCase();
  if (FINISH.has(plain.replace(/\s+/g, '_'))) return 'finish';
  return [plain, plain.replace(/_?tool$/, ''), KNOWN_ELSEWHERE[plain] ?? ''].find((form) => tools.has(form));
}

/** `[math] divide[/math]`, as small models close what looks like a tag. */
const CLOSED = /\s*\[\/\w+\]\s*$/;
/** What a short answer says before itself. */
const ANSWER_IS =
  /^(?:(?:so|thus|hence|therefore|finally),?\s+)?(?:the\s+)?(?:final\s+|correct\s+)?answer\s*(?:is\b:?|:)\s*(?=\S)/i;
/** What may stand around a box: dollars, and the brackets of LaTeX. */
const BEFORE_BOX = /(?:\$+|\\[[(])?\s*$/;
const BEHIND_BOX = /^\s*(?:\$+|\\[\])])?\.?\s*(?:$|\n)/;

/** The content of the first box with which a line ends, whatever its braces, and the text before it. */
function boxIn(text: string): { before: string; content: string } | undefined {
  for (const { index, 0: mark } of text.matchAll(/\\boxed\s*(?=\{)/g)) {
    const open = index + mark.length;
    const content = bracedAt(text, open);
    if (content === undefined || content.trim() === '' || !BEHIND_BOX.test(text.slice(open + content.length + 2)))
      continue;
    const plain = content.trim().replace(/^\\(?:text|mathrm|mbox|textbf)\s*\{([^{}]*)\}$/, '$1');
    return { before: text.slice(0, index).replace(BEFORE_BOX, ''), content: plain.trim() };
  }
  return undefined;
}

/** Builds the line. A short answer gets the words `The answer is`, which the loop reads. */
function action(tool: string, step: string): string {
  const line = step.replace(/\s+/g, ' ').replace(CLOSED, '').trim();
  if (tool !== 'finish' || line.length >= 80) return `[${tool}] ${line}`;
  const said = line.replace(ANSWER_IS, '');
  const box = boxIn(said);
  const answer = box?.before === '' ? box.content : said;
  if (answer !== said) return `[finish] The answer is ${answer}.`;
  return `[finish] ${/the answer is/i.test(answer) || line.startsWith('The answer is ') ? line : `The answer is ${answer.replace(/\.$/, '')}.`}`;
}

const bare = (text: string) =>
  text
    .trim()
    .replace(/^\*\*(.*)\*\*(\.?)$/, '$1$2')
    .replace(/\*\*(\.?)$/, '$1')
    .replace(/^["'`](.*)["'`]$/, '$1')
    .replace(/^\[([^[\]]+)\]$/, '$1')
    .replace(/^\(["']?([^()]*?)["']?\)$/, '$1')
    .replace(/^([^"]*)"$/, '$1')
    .replace(/^([^`]*)`$/, '$1')
    .trim();
