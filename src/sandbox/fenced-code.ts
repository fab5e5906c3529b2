/** Takes the program out of a model's text, which often puts it into a Markdown fence with words around it. */
import { z } from 'zod';
import type { SandboxLanguage } from './sandbox';

/**
 * A fence opens at the start of a line; its closing line holds as many marks or more and nothing else. The last may be cut off, or close
 * at the end of a line of the program. Some models write quotes for marks.
 */
const FENCES =
  /^([ \t]*)(`{3,}|~{3,}|(?:'''|""")(?=py|js|javascript))[ \t]*\{?([\w+#.-]*)[^\n`]*\r?\n([\s\S]*?)(?:^[ \t]*\2[`~]*[ \t]*$|\2\s*(?![\s\S])|(?![\s\S]))/gm;
const TAGS: Record<SandboxLanguage, RegExp> = {
  javascript: /^(?:javascript|js|mjs|cjs|node|nodejs|typescript|ts)$/i,
  python: /^(?:python[\d.]*|py\d?|ipython|jupyter|sympy)$/i,
};
const PRINTS = /\b(?:print|display|pprint)\s*\(|\bconsole\.|\bprocess\.stdout\b/;
/** Beginnings of program lines that no sentence has. */
const STATEMENT =
  /^[ \t]*(?:import [\w{*]|from [\w.]+ import |def \w+\(|class \w+[ :({]|(?:const|let|var) [\w[{]+.*=|(?:async )?function\b.*\(|print\(|console\.|return\b.*;|\/\/)/m;
const SENTENCE_BEFORE = /^\s*[A-Z][^;{}()=]*[:.]\s*$/;

/**
 * The program of a text that holds it in fences: at its start, after words, or marked with the language; otherwise the text as it
 * stands. Of several fences those of the language count, up to the first that prints: cells that need each other are one program,
 * and what follows shows its output or another way to write it.
 */
export function unwrapFence(whole: string, language: SandboxLanguage): string {
  const text = answerOf(whole);
  const fences = [...text.matchAll(FENCES)].map(({ index, 1: indent = '', 3: tag = '', 4: code = '' }) => ({
    index,
    tag,
    code: indent === '' ? code : code.replace(new RegExp(`^${indent}`, 'gm'), ''),
  }));
  const [first] = fences;
  if (!first) return withoutLabel(text);
  const before = text.slice(0, first.index);
  const marked = fences.filter(({ tag }) => TAGS[language].test(tag));
  const isWrapped = before.trim() === '' || SENTENCE_BEFORE.test(before) || (marked.length > 0 && !isProgram(before));
  if (!isWrapped) return text;
  const plain = fences.filter(({ tag }) => tag === '');
  const cells = marked.length > 0 ? marked : plain.length > 0 ? plain : [first];
  const printing = cells.findIndex(({ code }) => PRINTS.test(code));
  const program = cells.slice(0, printing < 0 ? cells.length : printing + 1).map(({ code }) => code);
  return withoutLabel(program.join(''));
}

/** Signs of chat templates around an answer. */
const SIGNS = /^\s*(?:<\|[\w-]+\|>\s*)+|(?:\s*(?:<\|[\w-]+\|>|<\/s>|<end_\w+>|<eos>))+\s*$/g;
/** What a model thought before its answer. */
const THOUGHT = /^\s*<think>[\s\S]*<\/think>|^[\s\S]*\n[ \t]*<\/think>[ \t]*(?=\n)/;

/** The text without what is not meant as the answer. A fence whose line ends were written as signs gets them. */
function answerOf(text: string): string {
  const answer = text.replace(SIGNS, '').replace(THOUGHT, '');
  return /^\s*`{3}\w*\\n[^\n]*$/.test(answer) ? answer.replaceAll('\\n', '\n') : answer;
}

/** Tags around a program, and the language's name on a line of its own before it. */
const TAGGED =
  /^[ \t]*[<[]((?:\w+_)?(?:code|script|program|python|javascript|execute)(?:_\w+)?)\b[^<>\n\]]*[>\]]([\s\S]*?)[<[]\/\1[>\]]/im;
const IN_LATEX = /^\s*\\begin\{(verbatim|lstlisting|minted|python)\}[^\n]*\n([\s\S]*?)\\end\{\1\}\s*$/;
const LABEL = /^\s*(?:python3?|py|javascript|js|typescript|ts|node(?:js)?)[ \t]*:?[ \t]*\r?\n/i;

/** A program in single marks, as in a sentence: `print(3)`. */
const INLINE = /^\s*(`{1,3})(?:(?:python3?|py|javascript|js)[ \t]+)?([^`\n]+)\1\s*$/;

function withoutLabel(text: string): string {
  const inline = INLINE.exec(text)?.[2];
  if (inline !== undefined && PRINTS.test(inline)) return inline;
  const tagged = TAGGED.exec(text);
  const isWrapped = tagged && !isProgram(text.slice(0, tagged.index));
  const plain = (isWrapped ? tagged[2] : IN_LATEX.exec(text)?.[2]) ?? text;
  return (ofCall(plain) ?? plain).replace(LABEL, '');
}

const CALL = /^\s*(?:<(tool_call|function_call)>)?\s*(\{[\s\S]*"(?:code|program|script)"[\s\S]*\})\s*(?:<\/\1>)?\s*$/;
const fields = z.looseObject({
  code: z.string().optional(),
  program: z.string().optional(),
  script: z.string().optional(),
});
const call = z.union([z.looseObject({ arguments: fields }), z.looseObject({ parameters: fields }), fields]);

/** The program of a tool call that a model wrote as text, `{"name": "python", "arguments": {"code": "print(3)"}}`, or of a JSON string. */
function ofCall(text: string): string | undefined {
  try {
    if (/^\s*"/.test(text)) return z.string().regex(PRINTS).parse(JSON.parse(text));
    const read = call.parse(JSON.parse(CALL.exec(text)?.[2] ?? ''));
    const { code, program, script } = (
      'arguments' in read ? read.arguments : 'parameters' in read ? read.parameters : read
    ) as z.infer<typeof fields>;
    return code ?? program ?? script;
  } catch {
    return undefined;
  }
}

/** Whether the text before a fence is part of the program. Then the fence lies inside a string. */
function isProgram(text: string): boolean {
  return STATEMENT.test(text) || text.split('"""').length % 2 === 0 || text.split("'''").length % 2 === 0;
}
