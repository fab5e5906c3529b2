/** Advice for programs that fail because of what the sandbox lacks. It is shown beside the error, so that one repair is enough. */
import { languageOf } from './program-language';
import type { RunResult, SandboxLanguage } from './sandbox';

interface Advice {
  language?: SandboxLanguage;
  /** Matched against `name: message`. */
  error: RegExp;
  /** @param word the first group of `error` @param packages Python packages that are there */
  text: (word: string, packages: string) => string;
}

const PYTHON_PACKAGES = ['sympy', 'mpmath'];
const HOST_PACKAGES = ['numpy', 'scipy'];

/** Names that programs use without importing them, as prompts of program-of-thought allow, by module. */
const HOMES = new Map(
  Object.entries({
    sympy:
      'Symbol symbols Eq solve solveset nsolve simplify expand factor Rational Matrix integrate diff limit summation latex',
    math: 'sqrt floor ceil gcd lcm factorial comb perm isqrt pi log exp sin cos tan',
    collections: 'Counter defaultdict deque namedtuple',
    itertools: 'permutations combinations product accumulate',
    functools: 'reduce lru_cache',
    fractions: 'Fraction',
    decimal: 'Decimal',
    datetime: 'timedelta date',
  }).flatMap(([home, names]) => names.split(' ').map((name) => [name, home] as const)),
);

const ADVICE: readonly Advice[] = [
  {
    language: 'python',
    error:
      /^(?:RuntimeError: can't start new thread|NotImplementedError: .*multiprocessing|ModuleNotFoundError: No module named '_multiprocessing'|AttributeError: module 'os' has no attribute '(?:pipe|fork)')/,
    text: () => 'There are no threads and no other processes here: call the functions one after another.',
  },
  {
    language: 'python',
    error:
      /^NameError: name '(math|cmath|random|itertools|functools|collections|statistics|fractions|decimal|datetime|re|json|string|operator|heapq|bisect|time|sys|os|copy|sympy)' is not defined/,
    text: (name) => `Begin with: import ${name}`,
  },
  {
    language: 'python',
    error: new RegExp(`^NameError: name '(${[...HOMES.keys()].join('|')})' is not defined`),
    text: (name) => `Begin with: from ${HOMES.get(name)} import ${name}`,
  },
  {
    language: 'python',
    error: /^NameError: name 'final_answer' is not defined/,
    text: () => 'Print the answer: a program calls no tools.',
  },
  {
    language: 'python',
    error: /^ModuleNotFoundError: (?:No module named|The module) '(\w+)/,
    text: (name, packages) =>
      `There is no ${name} here, and nothing can be installed. Use Python's standard library, ${packages}.`,
  },
  { error: /^EOFError: EOF when reading a line/, text: () => 'There is no input: write the values into the program.' },
  {
    error: /^(?:RecursionError: |RangeError: Maximum call stack size exceeded)/,
    text: () => 'The recursion is too deep: use a loop.',
  },
  {
    language: 'python',
    error: /^OverflowError: Python int too large to convert to C (?:ssize_t|long)/,
    text: () =>
      'Lengths, counts and positions are below 2**31 here: calculate them, such as (stop - start - 1) // step + 1 for len(range(start, stop, step)).',
  },
  {
    language: 'python',
    error:
      /^(?:OSError: .*does not support processes|FileNotFoundError: |URLError: |(?:ConnectionError|gaierror)\b|AttributeError: module '_?socket' has)/,
    text: () => 'The sandbox has no files, network or other programs: write what is needed into the program.',
  },
  {
    language: 'javascript',
    error: /^ReferenceError: (prompt|confirm) is not defined/,
    text: (name) => `There is no ${name} here, and there is no input: write the values into the program.`,
  },
  {
    language: 'javascript',
    error: /^ReferenceError: (fetch|XMLHttpRequest|document|window|alert|localStorage) is not defined/,
    text: (name) =>
      `There is no ${name} here: the sandbox has no browser, network or input. Write the values into the program, and print with console.log.`,
  },
  { language: 'javascript', error: /^ReferenceError: print is not defined/, text: () => 'Print with console.log.' },
  { error: /^Crash: /, text: () => 'Endless or very deep recursion does that: use a loop.' },
];
/** Notebook lines that cannot simply be removed: `x = !ls`, `%%bash`. */
const COMMAND = /^[ \t]*(?:%%?[a-z]|!|\?|[\w.]+\s*=\s*[!%][a-z]).*$/im;
const SENTENCE = /^\s*(?!True|False|None)[A-Z][\w'’]*,? [a-z]/;
const NAMES: Record<SandboxLanguage, string> = { javascript: 'JavaScript', python: 'Python' };

/** Advice for the error of a run; undefined if the error itself is clear. */
export function adviceFor(
  { error }: Pick<RunResult, 'error'>,
  language: SandboxLanguage,
  code: string,
  hostPackages: boolean,
): string | undefined {
  if (!error) return undefined;
  const text = `${error.name}: ${error.message}`;
  // Python's error quotes the line; commands elsewhere in the program were passed over.
  const quoted = language === 'python' ? (error.traceback ?? code) : code;
  const command = error.name === 'SyntaxError' ? COMMAND.exec(quoted) : null;
  if (command)
    return `This is no notebook: take the line \`${command[0].trim().slice(0, 80)}\` out. Nothing can be installed, and there is no shell.`;
  if (error.name === 'SyntaxError' && SENTENCE.test(code))
    return 'It begins with a sentence: write the program alone, explanations only as comments.';
  const written = error.name === 'SyntaxError' ? languageOf(code) : undefined;
  if (written !== undefined && written !== language) return `This is ${NAMES[written]}: write ${NAMES[language]}.`;
  const packages = [...PYTHON_PACKAGES, ...(hostPackages ? HOST_PACKAGES : [])];
  for (const { language: only, error: pattern, text: say } of ADVICE) {
    const found = only === undefined || only === language ? pattern.exec(text) : null;
    if (found) return say(found[1] ?? '', `${packages.slice(0, -1).join(', ')} and ${packages.at(-1)}`);
  }
  return undefined;
}
