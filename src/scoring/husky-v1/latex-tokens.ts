/**
 * Tokens of the LaTeX dialect that the reference reads (SymPy 1.12's `parse_latex`): longest match, earlier entry on a tie.
 * Tokens are made on demand: a character that is no token matters only if the parser reaches it.
 */

export interface Token {
  type: string;
  text: string;
  start: number;
  end: number;
}

/** The text is not in the language; the reference then tries its second reader. */
export class LatexSyntaxError extends Error {}

export const EOF = 'EOF';

const SKIP = 'SKIP';

function commands(type: string, names: string): [string, string][] {
  return names.split(' ').map((name) => [`\\${name}`, type]);
}

/** Commands that are words: they are read completely and then looked up. */
const WORDS = new Map<string, string>([
  ...commands(SKIP, 'thinspace medspace thickspace quad qquad negthinspace negmedspace negthickspace left right'),
  ...commands(SKIP, 'vrule vcenter vbox vskip vspace hfil'),
  ...commands('LIM_TO', 'to rightarrow Rightarrow longrightarrow Longrightarrow'),
  ...commands('LTE', 'leq le leqq leqslant'),
  ...commands('GTE', 'geq ge geqq geqslant'),
  ...commands('FRAC', 'frac dfrac tfrac'),
  ...commands('BINOM', 'binom dbinom tbinom'),
  ...commands('FUNC', 'exp log lg ln sin cos tan csc sec cot arcsin arccos arctan arccsc arcsec arccot'),
  ...commands('FUNC', 'sinh cosh tanh arsinh arcosh artanh'),
  ...commands('SUM', 'sum prod'),
  ['\\int', 'INT'],
  ['\\lim', 'LIM'],
  ['\\langle', 'L_ANGLE'],
  ['\\rangle', 'R_ANGLE'],
  ['\\lfloor', 'L_FLOOR'],
  ['\\rfloor', 'R_FLOOR'],
  ['\\lceil', 'L_CEIL'],
  ['\\rceil', 'R_CEIL'],
  ['\\sqrt', 'SQRT'],
  ['\\overline', 'OVERLINE'],
  ['\\times', 'TIMES'],
  ['\\cdot', 'TIMES'],
  ['\\div', 'DIV'],
  ['\\mathit', 'MATHIT'],
  ['\\neq', 'NEQ'],
]);

const SINGLES: Record<string, string> = {
  '+': 'ADD',
  '-': 'SUB',
  '*': 'TIMES',
  '/': 'DIV',
  ':': 'DIV',
  '(': 'L_PAREN',
  ')': 'R_PAREN',
  '{': 'L_BRACE',
  '}': 'R_BRACE',
  '[': 'L_BRACKET',
  ']': 'R_BRACKET',
  '|': 'BAR',
  _: 'UNDERSCORE',
  '^': 'CARET',
  '<': 'LT',
  '>': 'GT',
  '!': 'BANG',
  ',': 'COMMA',
  '.': 'POINT',
};

const ESCAPES: Record<string, string> = { '\\{': 'L_LITERAL', '\\}': 'R_LITERAL' };
const ESCAPED_SPACE = new Set(['\\,', '\\:', '\\;', '\\!', '\\*', '\\-', '\\.', '\\/', '\\"', '\\(', '\\=']);

const WORD = /\\[a-zA-Z]+/y;
const DIFFERENTIAL = /d[ \t\r\n]*(?:[a-zA-Z]|\\[a-zA-Z]+)/y;
const EQUAL = /&[ \t\r\n]*=|=[ \t\r\n]*&|=/y;
const SPACE = /[ \t\r\n]+/y;
const QUOTES = /'+/y;

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

/** A lazy stream of the tokens of one text. */
export class TokenStream {
  private readonly tokens: Token[] = [];
  private position = 0;

  constructor(readonly source: string) {}

  /** The token at an index, counted from 0. @throws LatexSyntaxError at a character that begins no token */
  at(index: number): Token {
    while (this.tokens.length <= index) {
      const last = this.tokens.at(-1);
      if (last?.type === EOF) return last;
      this.tokens.push(this.read());
    }
    return this.tokens[index] as Token;
  }

  private read(): Token {
    for (;;) {
      const start = this.position;
      if (start >= this.source.length) return { type: EOF, text: '', start, end: start };
      const [type, text] = this.match(start);
      this.position = start + text.length;
      if (type !== SKIP) return { type, text, start, end: this.position };
    }
  }

  private match(at: number): [string, string] {
    const source = this.source;
    const char = source[at] as string;
    if (char === '\\') {
      for (const bar of ['\\left|', '\\right|']) {
        if (source.startsWith(bar, at)) return [bar === '\\left|' ? 'L_BAR' : 'R_BAR', bar];
      }
      if (source.startsWith('\\int\\limits', at)) return ['INT', '\\int\\limits'];
      const word = matchAt(WORD, source, at);
      if (word !== undefined) return [WORDS.get(word) ?? 'SYMBOL', word];
      const pair = source.slice(at, at + 2);
      if (ESCAPED_SPACE.has(pair)) return [SKIP, pair];
      const escape = ESCAPES[pair];
      if (escape !== undefined) return [escape, pair];
      throw new LatexSyntaxError(`No token begins at ${at}.`);
    }
    const space = matchAt(SPACE, source, at);
    if (space !== undefined) return [SKIP, space];
    if (char === '=' || char === '&') {
      const equal = matchAt(EQUAL, source, at);
      if (equal === undefined) throw new LatexSyntaxError(`No token begins at ${at}.`);
      return ['EQUAL', equal];
    }
    const differential = char === 'd' ? matchAt(DIFFERENTIAL, source, at) : undefined;
    if (differential !== undefined) return ['DIFFERENTIAL', differential];
    if (/[a-zA-Z]/.test(char)) return ['LETTER', char];
    if (char >= '0' && char <= '9') return ['DIGIT', char];
    if (char === "'") return ['QUOTES', matchAt(QUOTES, source, at) as string];
    const single = SINGLES[char];
    if (single === undefined) throw new LatexSyntaxError(`No token begins at ${at}.`);
    return [single, char];
  }
}
