/** What an expert of two million parameters copied wrongly from question and history, put right where only one thing can be meant. */
import type { PromptFields } from '../../prompts/prompt';
import { findNames, named } from './names';
import { plain } from './spelling';

type History = PromptFields['history'];

export const FIND = /^\s*\[search\] Find the .+? of (.+?)\.?\s*$/;
/** A year taken from itself. */
export const TWICE = /^\s*\[code\] Compute (.+ year) of (.+) - \1 of \2\.\s*$/;
/** A name between quotes, as the experts' programs print it. */
const PRINTED = /" (?:the )?([^"]+)"/g;
const NUMBER = /\d[\d_,]*(?:\.\d+)?/g;

const namesOf = (question: string) => findNames(question).map(({ meanings }) => meanings[0]!);

/**
 * The search that is meant: for what the last step has named, where the name was copied wrongly or the state stands for its capital; for the
 * one thing of the question that was not looked up yet, where the same search was made already.
 *
 * @returns undefined where the search may stay as it is
 */
export function otherSearch(text: string, question: string, history: History): string | undefined {
  const [, sought] = FIND.exec(text) ?? [];
  if (sought === undefined) return broken(text, question);
  const [, owner, found] =
    /^The (?:inventor|capital) of (?:the )?(.+) is (.+)\.$/.exec(history.at(-1)?.output ?? '') ?? [];
  const known = [
    ...namesOf(question).flatMap(({ name }) => [name, `the ${name}`]),
    ...history.map(({ output }) => output),
  ];
  const isNamed = known.some(
    (text) => ` ${plain(text)} `.includes(` is ${plain(sought)} `) || plain(text) === plain(sought),
  );
  if (found !== undefined && (!isNamed || (sought === owner && / capitals of /.test(question))))
    return text.replace(sought, found);
  if (isNamed && !history.some(({ step }) => text.trim() === `[search] ${step}`)) return undefined;
  const done = history.map(({ step }) => plain(step)).join('|');
  const left = namesOf(question).filter(({ name }) => !done.includes(plain(name)));
  // Of a name that was copied in part: "Ne" for Neptune.
  const meant =
    left.length > 1 ? left.filter(({ name }) => plain(name).includes(plain(sought).replace(/^the /, ''))) : left;
  return meant.length === 1 ? text.replace(sought, named(meant[0]!)) : undefined;
}

/** A search that lost the name of the one thing asked about: "Find the inventor ofmin." */
function broken(text: string, question: string): string | undefined {
  const [, attribute] = /^\s*\[search\] Find the ([\w ]+?) of\w/.exec(text) ?? [];
  const [thing, ...more] = namesOf(question);
  return attribute !== undefined && thing && more.length === 0
    ? `[search] Find the ${attribute} of ${named(thing)}.`
    : undefined;
}

/** A step of a program with the phrases that earlier steps have found, where one was copied in part: "birth year of Galilei". */
export function wholePhrases(text: string, history: History, question: string): string {
  const [, formula = ''] = /^\[code\] Compute (?:.+?: |whether )?(.+)\.$/.exec(text.trim()) ?? [];
  const found = history.flatMap(({ output }) => /^The (.+? of .+?) is /.exec(output)?.[1] ?? []);
  const operands = formula.split(/ (?:or|[-+*/<>]) |[()]/).map((operand) => operand.trim());
  const left = found.filter((phrase) => !operands.includes(phrase));
  return operands
    .filter((operand) => / of /.test(operand) && !found.includes(operand))
    .reduce(
      (whole, operand) => {
        const [attribute] = operand.split(' of ');
        const meant = left.filter((phrase) => phrase.startsWith(`${attribute} of `));
        return meant.length === 1 ? whole.replace(operand, meant[0]!) : whole;
      },
      withCount(text, question),
    );
}

/** An average divided by as many as were added. */
function withCount(text: string, question: string): string {
  if (!/\b(?:average|mean)\b/.test(question)) return text;
  return text.replace(
    /\(([^()]+ \+ [^()]+)\) \/ \d+(?=\.\s*$)/,
    (_, sum: string) => `(${sum}) / ${sum.split(' + ').length}`,
  );
}

/** The years of both things of the question; the generator asks for the second less the first, except "before". */
export function bothYears(text: string, [, year]: RegExpExecArray, question: string): string {
  const [first, second, ...more] = namesOf(question).map(named);
  if (first === undefined || second === undefined || more.length > 0) return text;
  const [later, earlier] = /\bbefore\b/.test(question) ? [first, second] : [second, first];
  return `[code] Compute ${year} of ${later} - ${year} of ${earlier}.`;
}

/**
 * The program with the numbers that the step's words stand for, in their order, and with the names of the question. One that leaves a number or
 * a sign of the step's formula out, or compares or rounds unasked, is written anew.
 */
export function copiedInto(code: string, { question, history, step = '' }: PromptFields): string {
  const numbers = inOrder(step, history);
  const known = new Set(digits([question, ...history.map(({ output }) => output)].join(' ')));
  const isSlot = (written: string) => {
    const number = bare(written);
    return (
      numbers.some((one) => bare(one) === number) || (number.length >= 3 && !known.has(number) && number !== '100')
    );
  };
  const slots = (code.match(NUMBER) ?? []).filter(isSlot);
  let at = 0;
  const counted =
    slots.length === numbers.length
      ? code.replace(NUMBER, (written) => (isSlot(written) ? numbers[at++]! : written))
      : code;
  const formula = formulaOf(step, history);
  if (formula !== undefined && (!computes(counted, formula) || doesMore(counted, step)))
    return programOf(step, formula);
  const names = namesOf(question).map(({ name }) => name);
  const wrong = [...code.matchAll(PRINTED)].map(([, name = '']) => name).filter((name) => !names.includes(name));
  const missing = names.filter((name) => !code.includes(name));
  return wrong.length === 1 && missing.length === 1 && names.length === 2
    ? counted.replace(wrong[0]!, missing[0]!)
    : counted;
}

/** The step's formula with the numbers that its phrases stand for; undefined if it is anything else. */
function formulaOf(step: string, history: History): string | undefined {
  const [, formula] = /^Compute (?:[^:]+: |whether )?(.+?)\.$/.exec(step.trim()) ?? [];
  const filled = factsOf(history)
    .sort((x, y) => y.phrase.length - x.phrase.length)
    .reduce<string | undefined>((text, { phrase, value }) => text?.replaceAll(phrase, value), formula);
  return filled !== undefined && /[-+*/<>]/.test(filled) && /^[\d_.\s()<>*/+-]+$/.test(filled) ? filled : undefined;
}

/** Whether a program has the numbers of a formula in their order, and its signs. */
function computes(code: string, formula: string): boolean {
  const wanted = digits(formula);
  const written = digits(code).filter((number) => wanted.includes(number));
  const signs = (text: string, sign: string) => text.split(sign).length;
  return (
    written.join() === wanted.join() &&
    code.split('(').length === code.split(')').length &&
    ['+', '-', '*', '/', '<', '>'].every((sign) => !formula.includes(sign) || signs(code, sign) >= signs(formula, sign))
  );
}

/** What a program may do beside its formula, by the words of the step that ask for it. */
const LICENSED: readonly [code: RegExp, step: RegExp][] = [
  [/\?/, /^Compute whether /],
  [/toFixed|round/, /decimal place|nearest/],
];

const doesMore = (code: string, step: string) => LICENSED.some(([done, asked]) => done.test(code) && !asked.test(step));

function programOf(step: string, formula: string): string {
  if (/^Compute whether /.test(step)) return `console.log(${formula} ? "yes" : "no")`;
  if (/one decimal place:/.test(step)) return `console.log((${formula}).toFixed(1))`;
  return `console.log(${/nearest integer:/.test(step) ? `Math.round(${formula})` : formula})`;
}

const bare = (number: string) => number.replace(/[_,]/g, '');
const digits = (text: string) => (text.match(NUMBER) ?? []).map(bare);

/** What was found, with numbers as a program writes them. */
const factsOf = (history: History) =>
  history.flatMap(({ output }) => {
    const [, phrase, value] = /^The (.+?) is (\d[\d,.]*\d|\d)\b/.exec(output) ?? [];
    return phrase === undefined || value === undefined ? [] : [{ phrase, value: value.replaceAll(',', '_') }];
  });

/** The values of the phrases in a step, as a program writes them: `The area of Utah is 84,897 square miles.` */
function inOrder(step: string, history: History): string[] {
  const text = ` ${step.replace(/[^\p{L}\p{N}'-]/gu, ' ')} `;
  return factsOf(history)
    .flatMap(({ phrase, value }) => {
      const found: { index: number; value: string }[] = [];
      const sought = ` ${phrase.replace(/[^\p{L}\p{N}'-]/gu, ' ')} `;
      for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) found.push({ index: at, value });
      return found;
    })
    .sort((x, y) => x.index - y.index)
    .map(({ value }) => value);
}

/** What a program printed in one line, said whole. */
export function printed(observation: string | undefined, text: string): string {
  const [line, ...more] = (observation ?? '').trim().split('\n');
  return line === undefined || line === '' || more.length > 0 || text.trim().endsWith(`is ${line}.`)
    ? text
    : `The result is ${line}.`;
}
