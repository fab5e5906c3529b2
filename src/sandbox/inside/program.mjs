/** Runs a program and turns its outcome into text. All objects here are without prototypes, so that a program cannot change them. */
import { asModule } from './as-module.mjs';
import { atEnd, flush, hasPrinted, ports } from './ports.mjs';
import { asText, framesOf, reduce, short, show } from './reduce.mjs';
import { fire, nextTimer } from './timers.mjs';

const { apply } = Reflect;
const { stringify } = JSON;
const { slice, includes, replace, charCodeAt: codeAt } = String.prototype;
const { fromCharCode: fromCode } = String;
const { then } = Promise.prototype;
const number = Number;
const evaluate = eval;
const aSyntaxError = SyntaxError;
const bare = Object.create;

const outcome = bare(null);
let last;
let lastIsValue = false;
function fail(thrown) {
  if (outcome.error === undefined) outcome.error = reduce(thrown, ports.source);
  return undefined;
}

/** An isolate has no `import()`. */
const IMPORT_CALL = [
  /(^[ \t]*|[;=(,[:{}>&|?][ \t]*|\b(?:await|return)[ \t]+)import(?=\s*\(\s*['"`\w])/gm,
  '$1__import',
];
/** A declaration at the end of a program, and a line of one that only declares. */
const DECLARED =
  /(?:^|\n)(?:const|let|var)[ \t]+([\w$]+)(?::[^=\n]+)?[ \t]*=[^\n;]*;?[ \t]*(?:\/\/[^\n]*)?(?:\n(?:[ \t)\]}/][^\n]*)?)*$/;
const DECLARES = /^(?:(?:import|export|async|function|const|let|var|class|\/|\*|[ \t)\]}'"]).*)?$/;
const FUNCTION =
  /^(?:export (?:default )?)?(?:(?:async )?function ([\w$]+)\(\)|(?:const|let) ([\w$]+) = (?:async )?\(\) =>)/gm;
/** An expression for the value of a program that has none and prints nothing: what it declared last, or the call of a lone function. */
function asked(code) {
  const name = code.includes('console.') ? undefined : DECLARED.exec(code)?.[1];
  if (code.split('\n').every((line) => DECLARES.test(line))) {
    const names = [...code.matchAll(FUNCTION)].map(([, one, other]) => one ?? other);
    const alone = names.findLast((one) => code.split(one).length === 2);
    if (alone !== undefined) return `${alone}()`;
  }
  return name;
}

const awaiting = (code, value) =>
  (value === undefined ? withLastValue(code) : undefined) ??
  `(async () => {'use strict';${code}\n${value === undefined ? '' : `return ${value};`}})()`;

/** A declaration has no value, and must stay one, because it is known above itself. */
const DECLARATION = /^\s*(?:async\s+function|function|class|let|const|var)\b/;
/** What cannot go on with the line above it. */
const OF_ITS_OWN = /^\s*(?:[\w$'"]|!(?!=))/;
const MOST_TRIES = 50;

/** The program as a function that returns its last expression, as eval would; undefined if it prints, or ends in anything else. */
function withLastValue(code) {
  if (code.includes('console.')) return undefined;
  const end = code.trimEnd();
  for (const at of beginnings(end)) {
    const [head, tail] = [code.slice(0, at), end.slice(at).replace(/;(\s*(?:\/\/[^\n]*\s*)*)$/, '$1')];
    if (DECLARATION.test(tail)) return undefined;
    const isApart = OF_ITS_OWN.test(tail) || (/;\s*$/.test(head) && !/^\s*[{/]/.test(tail));
    const form = `(async () => {'use strict';${head}return (${tail}\n);})()`;
    if (isApart && parsed(`(async () => {${head}\n})()`) && parsed(form)) return form;
  }
  return undefined;
}

/** Where a last statement may begin, the last first: behind a semicolon of the last line, unless that is a comment, and at lines without indentation. */
function beginnings(code) {
  const found = [];
  const line = code.lastIndexOf('\n') + 1;
  for (let at = code.lastIndexOf(';'); at > line && found.length < MOST_TRIES; at = code.lastIndexOf(';', at - 1))
    if (at + 1 < code.length && !code.slice(line, at).includes('//')) found.push(at + 1);
  for (let at = line; found.length < MOST_TRIES; at = at < 2 ? 0 : code.lastIndexOf('\n', at - 2) + 1) {
    if (/\S/.test(code.charAt(at))) found.push(at);
    if (at === 0) break;
  }
  return found;
}

const FORMS = [
  ['await is only valid', awaiting],
  // `for await`
  ['Unexpected reserved word', awaiting],
  ['Illegal return statement', (code) => `(function () {${code}\n})()`],
  ['Cannot use import statement', (code, value) => awaiting(asModule(code), value)],
  ["Unexpected token 'export'", (code, value) => awaiting(asModule(code), value)],
];
/** Removes lines that only a notebook, a shell or a page knows: `%%javascript`, `!npm install x`, the end of a fence. */
const COMMAND = /^[ \t]*(?:%%?[a-z]+\b.*|[!$]? ?(?:npm|npx|yarn|pnpm) [a-z].*|```\w*[ \t]*)$/gm;
const withoutCommands = (code) => apply(replace, code, [COMMAND, '']);

/** Characters of word processors, of formulas and of Chinese keyboards, marks of HTML, and words around the program. */
const SPELLINGS = [
  [/^[^\n]+$/, (line) => apply(replace, line, [/\\n/g, '\n'])],
  [/^(?:(?:[A-Z*#<-][^=()[\]{};\n]*[:.!]\**[ \t]*)?\n)+/, (words) => apply(replace, words, [/[^\n]+/g, ''])],
  [/[\u201c\u201d\u201e\u00ab\u00bb\u2033]/g, '"'],
  [/[\u2018\u2019\u2032\u00b4]/g, "'"],
  [/[\u00d7\u00b7\u2219\u22c5\u2022]/g, '*'],
  [/[\u2212\u2010-\u2015]/g, '-'],
  [/[\u00f7\u2215\u2044]/g, '/'],
  [/\u2264/g, '<='],
  [/\u2265/g, '>='],
  [/\u2260/g, '!=='],
  [/\u00b2/g, '**2'],
  [/\u00b3/g, '**3'],
  [/[\u200b\ufeff]/g, ''],
  [/[\uff01-\uff5e]/g, (char) => fromCode(apply(codeAt, char, [0]) - 0xfee0)],
  [/&lt;/g, '<'],
  [/&gt;/g, '>'],
  [/&quot;/g, '"'],
  [/&#39;/g, "'"],
  [/&amp;/g, '&'],
  [/\n[ \t]*\n(?=[A-Z][\w'\u2019-]*,?(?: [^\s=[\]{};]+){2,}[ \t]*(?:\n|$))[^]*$/, ''],
  [/\n```[^]*$/, ''],
];
function inPlainSpelling(code) {
  let plain = code;
  for (let i = 0; i < SPELLINGS.length; i += 1) plain = apply(replace, plain, SPELLINGS[i]);
  return plain;
}

/** The program as a function that runs it; undefined if it is malformed in this form, too. */
function parsed(form) {
  try {
    return evaluate(`() => ${form}\n//# sourceURL=program.js`);
  } catch {
    return undefined;
  }
}

/** As Node does: a program that awaits or imports outside of functions runs as a module would, and one that returns as a function; neither has a value. */
function evaluated(code, value) {
  try {
    return evaluate(`${code}${value === undefined ? '' : `\n;${value}`}\n//# sourceURL=program.js`);
  } catch (thrown) {
    // A program that has begun and throws such an error itself must not run twice.
    if (!(thrown instanceof aSyntaxError) || apply(includes, asText(thrown.stack, 20000), ['program.js:']))
      throw thrown;
    const message = asText(thrown.message, 200);
    for (let i = 0; i < FORMS.length; i += 1)
      if (apply(includes, message, [FORMS[i][0]]))
        return evaluate(`${FORMS[i][1](code, value)}\n//# sourceURL=program.js`);
    // Within an expression, such as an argument, `await` is refused in other words: the next token is the wrong one.
    if (apply(includes, code, ['await '])) {
      const form = parsed(awaiting(code, value));
      if (form) return form();
    }
    const plain = withoutCommands(code);
    if (plain !== code) return evaluated(plain, asked(plain));
    const plainer = inPlainSpelling(code);
    if (plainer !== code && parsed(awaiting(plainer))) return evaluated(plainer, asked(plainer));
    throw thrown;
  }
}

/** Runs a program until it waits for the first time. */
export function start(code, random) {
  ports.source = code;
  ports.entropy = random;
  try {
    last = evaluated(apply(replace, code, IMPORT_CALL), asked(code));
    lastIsValue = last !== undefined;
    try {
      apply(then, last, [
        (value) => {
          last = value;
          lastIsValue = value !== undefined;
        },
        (thrown) => {
          lastIsValue = false;
          fail(thrown);
        },
      ]);
      lastIsValue = false;
    } catch {
      // Not a promise.
    }
  } catch (thrown) {
    fail(thrown);
  }
}

/** Runs the timer that is due. @returns milliseconds until the next one, -1 if none is left or the program failed */
export function turn() {
  const next = nextTimer();
  if (outcome.error !== undefined) return -1;
  if (!next.held) {
    end();
    return -1;
  }
  if (next.wait > 0) return next.wait;
  try {
    fire(next);
  } catch (thrown) {
    fail(thrown);
  }
  return 0;
}

/** Called when nothing is left to wait for: runs what the program registered for its end. */
function end() {
  try {
    const code = atEnd.action === undefined ? 0 : number(atEnd.action());
    if (!(code > 0 || code < 0)) return;
    outcome.error = bare(null);
    outcome.error.name = 'Exit';
    outcome.error.message = `process.exit(${code})`;
  } catch (thrown) {
    fail(thrown);
  }
}

/** Called for a rejected promise without a handler. As in Node, it ends the program. */
export function rejected(name, message, stack) {
  if (outcome.error !== undefined) return;
  const error = bare(null);
  error.name = short(name, 100);
  error.message = short(message, 2000);
  error.traceback = `${error.name}: ${error.message}${framesOf(short(stack, 20000), ports.source)}`;
  outcome.error = error;
}

/** The program's outcome as JSON; flushes its output first. */
export function settle() {
  flush();
  if (outcome.error === undefined && !hasPrinted() && lastIsValue && typeof last !== 'function') {
    const shown = show(last);
    const value = bare(null);
    value.head = apply(slice, shown, [0, ports.keepChars]);
    value.tail = shown.length > ports.keepChars ? apply(slice, shown, [-ports.keepChars]) : '';
    value.length = shown.length;
    outcome.value = value;
  }
  return stringify(outcome);
}
