/**
 * The reference's second reader, for texts that its LaTeX reader refuses: Python expressions with SymPy's names. The reference executes
 * them as code; this only reads arithmetic.
 */
import { call, isKnownFunction, number, symbol, type Expr } from '../mathematics/expression';

/** The reader's result. `value` is a Python string, list or truth value, which never equals an expression. */
export type PythonValue = Expr | { kind: 'string'; text: string } | { kind: 'value' };

const CONSTANTS: Record<string, Expr> = {
  pi: call('pi'),
  E: call('e'),
  I: call('i'),
  oo: call('infinity'),
  inf: call('infinity'),
};

const FUNCTION_NAMES: Record<string, string> = {
  Abs: 'abs',
  ln: 'log',
  ceiling: 'ceiling',
  Mod: 'mod',
  Min: 'min',
  Max: 'max',
};

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|\/\/|[-+*/%(),!^[\]]))/uy;

const MAX_DEPTH = 200;

type Piece = { kind: 'number' | 'name' | 'sign'; text: string };

class Reader {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly pieces: Piece[],
    private readonly caretIsPower: boolean,
  ) {}

  read(): PythonValue {
    const first = this.either();
    if (!this.isSign(',')) {
      if (this.next < this.pieces.length) throw new SyntaxError('Rest.');
      return first;
    }
    while (this.take(',')) if (this.next < this.pieces.length) this.either();
    if (this.next < this.pieces.length) throw new SyntaxError('Rest.');
    return { kind: 'value' };
  }

  /** `a or b` is a unless a is zero, `a and b` is b unless a is zero. */
  private either(): Expr {
    let value = this.both();
    while (this.takeName('or')) {
      const other = this.both();
      if (isZero(value)) value = other;
    }
    return value;
  }

  private both(): Expr {
    let value = this.sum();
    while (this.takeName('and')) {
      const other = this.sum();
      if (!isZero(value)) value = other;
    }
    return value;
  }

  private takeName(name: string): boolean {
    const piece = this.pieces[this.next];
    if (piece?.kind !== 'name' || piece.text !== name) return false;
    this.next++;
    return true;
  }

  private isSign(text: string): boolean {
    const piece = this.pieces[this.next];
    return piece?.kind === 'sign' && piece.text === text;
  }

  private take(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.next++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new SyntaxError(`${text} is missing.`);
  }

  private sum(): Expr {
    if (++this.depth > MAX_DEPTH) throw new SyntaxError('Nested too deeply.');
    let value = this.product();
    for (;;) {
      if (this.take('+')) value = call('add', value, this.product());
      else if (this.take('-')) value = call('add', value, call('negate', this.product()));
      else break;
    }
    this.depth--;
    return value;
  }

  private product(): Expr {
    let value = this.signed();
    for (;;) {
      if (this.take('*')) value = call('multiply', value, this.signed());
      else if (this.take('/')) value = call('divide', value, this.signed());
      else if (this.take('//')) value = call('floor', call('divide', value, this.signed()));
      else if (this.take('%')) value = call('mod', value, this.signed());
      else return value;
    }
  }

  private signed(): Expr {
    if (++this.depth > MAX_DEPTH) throw new SyntaxError('Nested too deeply.');
    const value = this.take('-') ? call('negate', this.signed()) : this.take('+') ? this.signed() : this.power();
    this.depth--;
    return value;
  }

  private power(): Expr {
    let base = this.primary();
    while (this.take('!')) base = call('factorial', base);
    if (this.take('**') || (this.caretIsPower && this.take('^'))) return call('power', base, this.signed());
    return base;
  }

  private primary(): Expr {
    const piece = this.pieces[this.next++];
    if (piece?.kind === 'number') return number(piece.text);
    if (piece?.kind === 'name') return this.name(piece.text);
    if (piece?.kind === 'sign' && piece.text === '(') {
      const inner = this.sum();
      this.expect(')');
      return inner;
    }
    throw new SyntaxError('Not an expression.');
  }

  private name(name: string): Expr {
    if (KEYWORDS.has(name)) throw new SyntaxError('No arithmetic.');
    if (!this.take('(')) return CONSTANTS[name] ?? symbol(name);
    const args: Expr[] = [];
    if (!this.take(')')) {
      do args.push(this.sum());
      while (this.take(','));
      this.expect(')');
    }
    if (name === 'Rational' && args.length === 2) return call('divide', args[0] as Expr, args[1] as Expr);
    const sympyName = FUNCTION_NAMES[name] ?? name;
    return call(isKnownFunction(sympyName) ? sympyName : `${name}?`, ...args);
  }
}

const isZero = (expr: Expr): boolean => expr.kind === 'number' && expr.value === 0;
const KEYWORDS = new Set('or and not in is if else for lambda None True False as from'.split(' '));

function pieces(source: string): Piece[] {
  const found: Piece[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (match === null) throw new SyntaxError('Not an expression.');
    if (match[1] !== undefined) found.push({ kind: 'number', text: match[1] });
    else if (match[2] !== undefined) found.push({ kind: 'name', text: match[2] });
    else found.push({ kind: 'sign', text: match[3] as string });
  }
  return found;
}

/** @throws SyntaxError if the reference's reader raises, or the text is no plain arithmetic */
export function readPython(source: string, caretIsPower = false): PythonValue {
  const text = source.trim();
  const quoted = /^(['"])([^'"\\\n]*)\1$/.exec(text);
  if (quoted !== null) return { kind: 'string', text: quoted[2] as string };
  return new Reader(pieces(text), caretIsPower).read();
}
