/** Normalizes LaTeX answers before they are compared, and turns Python spellings (`sqrt(2)`, `2**n`, `pi`) into LaTeX. */
import { bracedAt, depths } from '../../trajectory/braces';

/** Commands of answers. If all of them have two slashes, the text was escaped twice. */
const TWICE_ESCAPED =
  /\\\\(?=(?:[dt]?frac|left|right|sqrt|pi|text|mathrm|le|ge|leq|geq|in|cdot|times|infty|cup|pm|circ|begin)(?![a-zA-Z]))/;
const ONCE_ESCAPED = /(?<!\\)\\(?=[a-zA-Z])/;

const onceEscaped = (text: string): string =>
  TWICE_ESCAPED.test(text) && !ONCE_ESCAPED.test(text) ? text.replaceAll('\\\\', '\\') : text;

/** Removes marks of formulas: `$21$ or $11$` is `21 or 11`. */
function withoutFormulaMarks(text: string): string {
  const marks = text.match(/(?<!\\)\$/g)?.length ?? 0;
  const plain = marks > 0 && marks % 2 === 0 ? text.replace(/(?<!\\)\$/g, ' ') : text;
  return plain.replace(/\\[()]/g, ' ').replace(/\\\[(?=[^\]]*\\\])|\\\](?<=\\\[[^\]]*\\\])/g, ' ');
}

/** Words of a formula as plain ones. */
export const withoutText = (text: string): string => text.replace(/\\text\s*\{([^{}]*)\}/g, '$1').trim();

/** Removes braces that only group: `{1,3}` shows as 1,3. */
function withoutOuterBraces(text: string): string {
  const inner = text.startsWith('{') ? bracedAt(text, 0) : undefined;
  return inner !== undefined && inner.length === text.length - 2 ? inner.trim() : text;
}

/** Sizes, fonts and lines, which change no value: `{\\bf 2}`, `\\Large 2`, `\\underline{2}`. */
const SWITCHES =
  /\\(?:displaystyle|textstyle|limits|tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge|bf|rm|it|sf|tt|underline)(?![a-zA-Z])/g;

const WORDS: readonly [RegExp, string][] = [
  // Names of vectors in any font.
  [/\\hat\s*\{\s*(?:\\(?:mathbf|imath|jmath)\s*)?\{?\s*([ijk])\s*\}?\s*\}/g, '$1'],
  [/\\(?:vec|mathbf|boldsymbol|bm|bold)\s*(?:\{\s*([a-zA-Z])\s*\}|(?<![a-zA-Z])\s([a-zA-Z])(?![a-zA-Z]))/g, '$1$2'],
  [/\\(?:begin|end)\s*\{(?:align|aligned|equation|gather|gathered)\*?\}/g, ''],
  [
    /(?:\\left\s*)?[([]\s*\\begin\{(?:array\}\s*\{[^{}]*|matrix|smallmatrix)\}((?:(?!\\begin)[^])*?)\\end\{(?:array|matrix|smallmatrix)\}\s*(?:\\right\s*)?[)\]]/g,
    '\\begin{pmatrix}$1\\end{pmatrix}',
  ],
  [/\\(?:text|mathrm|operatorname)\s*\{\s*(°|[ie])\s*\}/g, '$1'],
  [/\\lbrace(?![a-zA-Z])/g, '\\{'],
  [/\\rbrace(?![a-zA-Z])/g, '\\}'],
  [/\\varnothing(?![a-zA-Z])|∅|\\\{\s*\\\}/g, '\\emptyset '],
  [/\\(arc)?(sin|cos|tan)\s*\^\s*\{\s*-\s*1\s*\}/g, '\\arc$2 '],
  [/\\(?:left|right|[bB]igg?[lmr]?)(?![a-zA-Z])\s*\.?/g, ''],
  [/\\(?:[dtcsx]|nice)frac(?![a-zA-Z])/g, '\\frac'],
  [
    /\\(?:mbox|mathrm|textrm|textnormal|textsf|mathsf|textbf|mathbf|textit|mathit|operatorname|rm|bf)\s*(?=\{)/g,
    '\\text',
  ],
  [/\\text\s*\{\s*([-+]?\d[\d.,]*)\s*\}/g, '$1'],
  [/^(?:a\s+)?(\d+)\s+(?:in|out of)\s+(\d+)(?:\s+chance)?$/, '\\frac{$1}{$2}'],
  [/\\(?:text)?color(?:box)?\s*\{[^{}]*\}\s*/g, ''],
  [/\\bbox\s*(?:\[[^[\]]*\])?\s*(?=\{)/g, ''],
  [SWITCHES, ''],
  [/(?<!\\)\\(?:[,;:! ]|thinspace(?![a-zA-Z]))|\\q?quad|~/g, ' '],
  [/\\(?:leqslant|leqq|leq|le)(?![a-zA-Z])|≤|<=/g, '\\le '],
  [/\\(?:geqslant|geqq|geq|ge)(?![a-zA-Z])|≥|>=/g, '\\ge '],
  [/\\(?:ne|neq)(?![a-zA-Z])|≠|\s!=/g, ' \\ne '],
  [/π/g, '\\pi '],
  [/∞|(?<![a-zA-Z\\])(?:infinity|infty|inf|oo)(?![a-zA-Z])/g, '\\infty '],
  [/∪|(?<=[)\]}])\s*U\s*(?=[([\\])/g, ' \\cup '],
  [/∩/g, ' \\cap '],
  [/∈/g, ' \\in '],
  [/×|·|\\ast(?![a-zA-Z])/g, ' \\times '],
  [/÷/g, ' \\div '],
  [/≈|\\(?:approx|simeq|doteq)(?![a-zA-Z])/g, ' \\approx '],
  [/^(?:about|approximately|approx\.?|around|roughly)\s+(?=[-\d$\\])/i, '\\approx '],
  [/±/g, '\\pm '],
  [/√\s*(\d+(?:\.\d+)?|\w)/g, '\\sqrt{$1}'],
  [/√(?=\s*[({])/g, '\\sqrt'],
  [/°|\\degree(?![a-zA-Z])|\^\s*\{\s*\\circ\s*\}|\^\s*\\circ(?![a-zA-Z])/g, '^\\circ '],
  [/\\[lc]?dots(?![a-zA-Z])|…|\.\.\./g, '\\ldots '],
  [/(?<![a-zA-Z\\])pi(?![a-zA-Z])/g, '\\pi '],
  [/∠/g, '\\angle '],
  [/ℝ/g, '\\mathbb{R}'],
  [/ℤ/g, '\\mathbb{Z}'],
  [/ℕ/g, '\\mathbb{N}'],
  [/^(?:\\text\s*\{)?\s*(?:the limit )?does not exist\s*\}?\.?$|^DNE$/i, '\\text{DNE}'],
];

const GREEK = new Map(
  `α:alpha β:beta γ:gamma δ:delta ε:epsilon ζ:zeta η:eta θ:theta κ:kappa λ:lambda
    μ:mu µ:mu ν:nu ξ:xi ρ:rho σ:sigma τ:tau φ:phi χ:chi ψ:psi ω:omega
    Γ:Gamma Δ:Delta Θ:Theta Λ:Lambda Σ:Sigma Φ:Phi Ψ:Psi Ω:Omega`
    .split(/\s+/)
    .map((pair) => pair.split(':') as [string, string]),
);

/** Normalizes thousands separators, spacing and synonyms without changing the mathematics. */
export function normaliseLatex(source: string): string {
  let text = withoutFormulaMarks(onceEscaped(source))
    .replace(/(\d)\s*(?:,\s*\\!|\{\s*,\s*\})\s*(?=\d{3}(?!\d))/g, '$1')
    .replace(/(\d)(?:\{,\}|\\,|\\ )(?=\d{3}(?!\d))/g, '$1');
  for (const [pattern, replacement] of WORDS) text = text.replace(pattern, replacement);
  text = text.replace(/\p{Script=Greek}|µ/gu, (letter) => (GREEK.has(letter) ? `\\${GREEK.get(letter)} ` : letter));
  text = text.replace(
    /(?<![\d.,])([1-9]\d{0,2})((?:,\d{3})+)(?![\d,])/g,
    (all: string, head: string, rest: string, at: number) =>
      isInList(text, at) ? all : head + rest.replaceAll(',', ''),
  );
  const plain = withoutSystem(withoutOuterBraces(text.replace(/\s+/g, ' ').trim()));
  return NO_SOLUTION.test(plain) ? '\\emptyset' : withPlainEnds(plain);
}

const SYSTEM = /^(?:\\\{\s*)?\\begin\s*\{(cases|array)\}(?:\s*\{[lcr]*\})?([^]*)\\end\s*\{\1\}$/;
const ROW = /^(?:[A-Za-z]|\\[a-z]{2,7})(?:_\{?\w+\}?)?\s*=[^=,<>]+$/;

/** A system that only names values, `\begin{cases} x=1 \\ y=2 \end{cases}`, as a list of them; others stay. */
function withoutSystem(text: string): string {
  const rows = SYSTEM.exec(text)?.[2]
    ?.split('\\\\')
    .map((row) =>
      row
        .replace(/\s*&\s*/g, '')
        .trim()
        .replace(/[,.;]$/, ''),
    )
    .filter(Boolean);
  return rows !== undefined && rows.length > 1 && rows.every((row) => ROW.test(row) && !/\\text/.test(row))
    ? rows.join(', ')
    : text;
}

const NO_SOLUTION = /^(?:\\text\s*\{)?\s*(?:there (?:is|are) )?no (?:real )?(?:solutions?|roots?)\s*\}?\.?$/i;

/** Open ends as most of Europe writes them: `]0, 1[` is `(0, 1)`. */
const TURNED = /^([\][])([^[\]]+[,;][^[\]]+)([\][])$/;

function withPlainEnds(text: string): string {
  const [, open, inside, close] = TURNED.exec(text) ?? [];
  return inside === undefined ? text : `${open === ']' ? '(' : '['}${inside}${close === '[' ? ')' : ']'}`;
}

/** Commas between brackets separate elements. */
const isInList = (text: string, at: number): boolean => (depths(text.slice(0, at)).at(-1) ?? 0) > 0;

const FUNCTIONS =
  /(?:(?<![a-zA-Z])\\(sqrt)|(?<![a-zA-Z\\])(sqrt|log|ln|exp|sin|cos|tan|cot|sec|csc|asin|acos|atan|abs|Abs|factorial|binomial|floor|ceil|ceiling))\s*\(/;

/** Turns Python's spelling of mathematics into LaTeX; LaTeX stays unchanged. */
export function pythonToLatex(source: string): string {
  let text = source.replaceAll('**', '^');
  for (let i = 0; i < 40; i++) {
    const match = FUNCTIONS.exec(text);
    if (match === null) break;
    const open = match.index + match[0].length - 1;
    const close = open + depths(text.slice(open), '(', ')').indexOf(0);
    if (close < open) break;
    const name = (match[1] ?? match[2]) as string;
    text = `${text.slice(0, match.index)}${asCommand(name, text.slice(open + 1, close))}${text.slice(close + 1)}`;
  }
  return (
    text
      .replace(/\^\s*\(([^()]*)\)/g, '^{$1}')
      .replace(/\^\s*(-?\d+(?:\.\d+)?)/g, '^{$1}')
      // A product with the constant e is not scientific notation: 4e + 7p.
      .replace(/(?<![.\d])(\d+)\s*e(?=\s+[+-]|[+-]\d+(?:\.\d+)?[a-zA-Z\\(])/g, '$1\\exponentialE ')
      .replace(/(\d(?:\.\d*)?)[eE]([+-]?\d+)/g, '($1\\times 10^{$2})')
      .replace(/(\\(?:sin|cos|tan|cot|sec|csc)(?![a-zA-Z])[^]*)/, inRadians)
      .replace(/\*/g, ' \\times ')
  );
}

/** Degrees behind a trigonometric function. */
const inRadians = (text: string): string =>
  text.replace(/(\d+(?:\.\d+)?)\s*\^\s*\{?\s*\\circ\s*\}?/g, '{(\\frac{$1\\pi}{180})}');

function asCommand(name: string, argument: string): string {
  if (name === 'sqrt') return `\\sqrt{${argument}}`;
  if (name === 'abs' || name === 'Abs') return `|${argument}|`;
  if (name === 'factorial') return `(${argument})!`;
  if (name === 'binomial') return `\\binom{${argument.replace(',', '}{')}}`;
  if (name === 'floor') return `\\lfloor ${argument} \\rfloor`;
  if (name.startsWith('ceil')) return `\\lceil ${argument} \\rceil`;
  const command = name.replace(/^a(?=sin|cos|tan)/, 'arc').replace(/^log$/, 'ln');
  return `\\${command}(${argument})`;
}

/** Separators of list elements: commas, semicolons, "and", "or". */
export const LIST_SEPARATOR =
  /[,;]|\\text\s*\{\s*(?:,\s*)?(?:and|or)\s*\}|\b(?:and|or)\b|(?<=[\d)}])(?:and|or)(?=\s*[\d(A-Za-z\\-])/y;

/** Parts at separators outside all brackets and braces. */
export function splitTop(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (depth === 0) {
      separator.lastIndex = i;
      const match = separator.exec(text);
      if (match !== null) {
        parts.push(text.slice(start, i));
        start = i + match[0].length;
        i = start - 1;
        continue;
      }
    }
    if (char === '\\') {
      if (text[i + 1] === '{') depth++;
      else if (text[i + 1] === '}') depth--;
      i++;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim());
}
