/**
 * Turns the tree of {@link ./latex-parser} into an expression as the reference does: words are products of their letters, every symbol
 * except infinity is a variable, `f(x)` is a function, mixed numbers are products.
 */
import { call, exprText, freeSymbols, integer, number, symbol, type Expr } from '../mathematics/expression';
import { LatexSyntaxError, parseLatex, type Token, type Tree } from './latex-parser';

/** An equation or inequality; the reference cannot compare two of them. */
export interface Relation {
  kind: 'relation';
}

type Child = Tree | Token;

const TIMES = new Set(['MUL', 'CMD_TIMES', 'CMD_CDOT']);

const isTree = (child: Child | undefined): child is Tree => child !== undefined && 'rule' in child;
const trees = (tree: Tree, rule?: string): Tree[] =>
  tree.children.filter((child) => isTree(child) && (rule === undefined || child.rule === rule)) as Tree[];
const token = (tree: Tree, type: string): Token | undefined =>
  tree.children.find((child): child is Token => !isTree(child) && child.type === type);
const firstTree = (tree: Tree): Tree => required(trees(tree)[0]);

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new LatexSyntaxError('Incomplete.');
  return value;
}

class Converter {
  constructor(private readonly source: string) {}

  relation(tree: Tree): Expr | Relation {
    if (tree.children.length > 1) return { kind: 'relation' };
    const only = firstTree(tree);
    return only.rule === 'relation' ? this.relation(only) : this.expr(only);
  }

  /** Rules of expressions that only forward their one child. */
  private expr(tree: Tree): Expr {
    switch (tree.rule) {
      case 'expr':
      case 'comp':
      case 'comp_nofunc':
      case 'func_arg':
      case 'func_arg_noparens':
      case 'group':
        return this.expr(firstTree(tree));
      case 'additive':
      case 'mp':
      case 'mp_nofunc':
        return this.binary(tree);
      case 'unary':
      case 'unary_nofunc':
        return this.unary(tree);
      case 'postfix':
      case 'postfix_nofunc':
        return this.postfix(tree);
      case 'exp':
      case 'exp_nofunc':
        return this.power(tree);
      case 'abs_group':
        return call('abs', this.expr(firstTree(tree)));
      case 'floor':
        return call('floor', this.expr(firstTree(tree)));
      case 'ceil':
        return call('ceiling', this.expr(firstTree(tree)));
      case 'atom':
        return this.atom(tree);
      case 'func':
        return this.func(tree);
      default:
        return this.opaque(tree);
    }
  }

  private binary(tree: Tree): Expr {
    const [left, operator, right] = tree.children;
    if (!isTree(left)) throw new LatexSyntaxError('Incomplete.');
    if (operator === undefined) return this.expr(left);
    const a = this.expr(left);
    const b = this.expr(right as Tree);
    const type = (operator as Token).type;
    if (type === 'ADD') return call('add', a, b);
    if (type === 'SUB') return call('add', a, call('negate', b));
    return TIMES.has(type) ? call('multiply', a, b) : call('divide', a, b);
  }

  private unary(tree: Tree): Expr {
    const [first] = tree.children;
    if (!isTree(first)) {
      const inner = this.expr(firstTree(tree));
      return first?.type === 'SUB' ? call('negate', inner) : inner;
    }
    const factors = trees(tree).map((child) => this.expr(child));
    const kept = factors.filter((factor, i) => {
      const [left, right] = [factors[i - 1], factors[i + 1]];
      const isTimesSign =
        factor.kind === 'symbol' &&
        factor.name === 'x' &&
        left !== undefined &&
        right !== undefined &&
        freeSymbols(left).size === 0 &&
        freeSymbols(right).size === 0;
      return !isTimesSign;
    });
    return kept.length === 1 ? (kept[0] as Expr) : call('multiply', ...kept);
  }

  private postfix(tree: Tree): Expr {
    let value = this.expr(firstTree(tree));
    for (const operator of trees(tree, 'postfix_op')) {
      value = token(operator, 'BANG') ? call('factorial', value) : this.opaque(tree);
    }
    return value;
  }

  private power(tree: Tree): Expr {
    const [base, caret] = tree.children;
    const value = this.expr(base as Tree);
    if (caret === undefined) return value;
    return call('power', value, this.expr(trees(tree)[1] as Tree));
  }

  private subscript(tree: Tree): string {
    const sub = trees(tree, 'subexpr')[0];
    return sub === undefined ? '' : `_{${exprText(this.expr(firstTree(sub)))}}`;
  }

  private atom(tree: Tree): Expr {
    const letter = token(tree, 'LETTER');
    if (letter !== undefined) {
      return symbol(letter.text + this.subscript(tree) + (token(tree, 'SINGLE_QUOTES')?.text ?? ''));
    }
    const command = token(tree, 'SYMBOL');
    if (command !== undefined) {
      const name = command.text.slice(1);
      return name === 'infty' ? call('infinity') : symbol(name + this.subscript(tree));
    }
    const differential = token(tree, 'DIFFERENTIAL');
    if (differential !== undefined) return symbol(`d${differential.text.slice(1).trim().replace(/^\\/, '')}`);
    const inner = firstTree(tree);
    switch (inner.rule) {
      case 'number':
        return this.number(inner);
      case 'mathit':
        return symbol(this.text(firstTree(inner)));
      case 'frac':
        return this.fraction(inner);
      case 'binom': {
        const [n, k] = trees(inner);
        return call('binomial', this.expr(required(n)), this.expr(required(k)));
      }
      default:
        return this.opaque(inner);
    }
  }

  private number(tree: Tree): Expr {
    const text = tree.children
      .map((child) => (child as Token).text)
      .join('')
      .replaceAll(',', '');
    if (/^0\d*[1-9]\d*$/.test(text)) throw new LatexSyntaxError('Python refuses whole numbers with leading zeros.');
    return number(text);
  }

  private fraction(tree: Tree): Expr {
    const parts: Expr[] = [];
    for (const child of tree.children) {
      if (isTree(child)) parts.push(this.expr(child));
      else if (child.type === 'DIGIT') parts.push(number(child.text));
    }
    const [above, below] = trees(tree);
    if (above !== undefined && below !== undefined) {
      const isDerivative = /^(d[ \t]*\\?[a-zA-Z]+|\\partial\s*\\?[a-zA-Z]+)$/.test(this.text(below));
      if (isDerivative && /^(d|\\partial)/.test(this.text(above))) return this.opaque(tree);
    }
    return call('divide', required(parts[0]), required(parts[1]));
  }

  private func(tree: Tree): Expr {
    const normal = trees(tree, 'func_normal')[0];
    if (normal !== undefined) return this.namedFunction(tree, this.text(normal).slice(1));
    const called = token(tree, 'LETTER')?.text ?? token(tree, 'SYMBOL')?.text.slice(1);
    if (called !== undefined) {
      const args: Expr[] = [];
      for (let rest = trees(tree, 'args')[0]; rest !== undefined; rest = trees(rest, 'args')[0]) {
        args.push(this.expr(firstTree(rest)));
      }
      return call(`${called}${this.subscript(tree)}${token(tree, 'SINGLE_QUOTES')?.text ?? ''}?`, ...args);
    }
    const inner = trees(tree, 'expr').map((child) => this.expr(child));
    if (token(tree, 'FUNC_SQRT')) {
      const base = required(inner.at(-1));
      return inner.length === 2 ? call('root', base, required(inner[0])) : call('sqrt', base);
    }
    if (token(tree, 'FUNC_OVERLINE')) return call('conjugate', required(inner[0]));
    return this.opaque(tree);
  }

  private namedFunction(tree: Tree, name: string): Expr {
    const argTree = required(trees(tree, 'func_arg')[0] ?? trees(tree, 'func_arg_noparens')[0]);
    const arg = this.expr(argTree);
    const sub = trees(tree, 'subexpr')[0];
    const sup = trees(tree, 'supexpr')[0];
    const exponent = sup === undefined ? undefined : this.expr(firstTree(sup));
    const plain = name.replace(/^arc/, 'a').replace(/^ar(?=sinh|cosh|tanh)/, 'a');
    if (['log', 'ln', 'lg'].includes(name)) {
      const base = sub !== undefined ? this.expr(firstTree(sub)) : name === 'lg' ? integer(10) : undefined;
      return this.raised(base === undefined ? call('log', arg) : call('log', arg, base), exponent);
    }
    const isPlainTrigonometric = plain === name && name !== 'exp';
    if (isPlainTrigonometric && exponent?.kind === 'call' && exprText(exponent) === 'negate(1)') {
      return call(`a${name}`, arg);
    }
    return this.raised(call(plain, arg), exponent);
  }

  private raised(base: Expr, exponent: Expr | undefined): Expr {
    return exponent === undefined ? base : call('power', base, exponent);
  }

  private text(tree: Tree): string {
    const tokens: Token[] = [];
    const collect = (part: Child): void => (isTree(part) ? part.children.forEach(collect) : void tokens.push(part));
    collect(tree);
    return tokens.length === 0 ? '' : this.source.slice((tokens[0] as Token).start, (tokens.at(-1) as Token).end);
  }

  /** Integrals, limits, sums, bra and ket: equal only to the same text. */
  private opaque(tree: Tree): Expr {
    return call(`opaque:${this.text(tree).replace(/\s+/g, '')}`);
  }
}

/** @throws LatexSyntaxError where the reference's reader raises */
export function readLatex(source: string): Expr | Relation {
  return new Converter(source).relation(firstTree(parseLatex(source)));
}
