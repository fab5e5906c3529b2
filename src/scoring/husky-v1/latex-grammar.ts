/**
 * The LaTeX dialect of SymPy 1.12's `parse_latex` as data, and the transition network made from it. As in ANTLR's removal of left
 * recursion, `<2>` is the precedence that the loop of a binary operator requires, and `rule[3]` the precedence of its operand.
 */

const GRAMMAR = `
math: relation ;
relation: expr ( <2> {EQUAL LT LTE GT GTE NEQ} relation[3] )* ;
equality: expr EQUAL expr ;
expr: additive ;
additive: mp ( <2> {ADD SUB} additive[3] )* ;
mp: unary ( <2> {TIMES DIV} mp[3] )* ;
mpNoFunc: unaryNoFunc ( <2> {TIMES DIV} mpNoFunc[3] )* ;
unary: {ADD SUB} unary | postfix + ;
unaryNoFunc: {ADD SUB} unaryNoFunc | postfix postfixNoFunc * ;
postfix: exp postfixOp * ;
postfixNoFunc: expNoFunc postfixOp * ;
postfixOp: BANG | evalAt ;
evalAt: BAR ( evalAtSup | evalAtSub | evalAtSup evalAtSub ) ;
evalAtSub: UNDERSCORE L_BRACE ( expr | equality ) R_BRACE ;
evalAtSup: CARET L_BRACE ( expr | equality ) R_BRACE ;
exp: comp ( <2> CARET ( atom | L_BRACE expr R_BRACE ) subexpr ? )* ;
expNoFunc: compNoFunc ( <2> CARET ( atom | L_BRACE expr R_BRACE ) subexpr ? )* ;
comp: group | absGroup | func | atom | floor | ceil ;
compNoFunc: group | absGroup | atom | floor | ceil ;
group: L_PAREN expr R_PAREN | L_BRACKET expr R_BRACKET | L_BRACE expr R_BRACE | L_LITERAL expr R_LITERAL ;
absGroup: BAR expr BAR ;
number: DIGIT + ( COMMA DIGIT DIGIT DIGIT )* ( POINT DIGIT + )? ;
atom: {LETTER SYMBOL} ( subexpr ? QUOTES ? | QUOTES ? subexpr ? ) | number | DIFFERENTIAL | mathit | frac | binom | bra | ket ;
bra: L_ANGLE expr {R_BAR BAR} ;
ket: {L_BAR BAR} expr R_ANGLE ;
mathit: MATHIT L_BRACE mathitText R_BRACE ;
mathitText: LETTER * ;
frac: FRAC ( DIGIT | L_BRACE expr R_BRACE ) ( DIGIT | L_BRACE expr R_BRACE ) ;
binom: BINOM L_BRACE expr R_BRACE L_BRACE expr R_BRACE ;
floor: L_FLOOR expr R_FLOOR ;
ceil: L_CEIL expr R_CEIL ;
func: FUNC ( subexpr ? supexpr ? | supexpr ? subexpr ? ) ( L_PAREN funcArg R_PAREN | funcArgNoParens )
  | {LETTER SYMBOL} ( subexpr ? QUOTES ? | QUOTES ? subexpr ? ) L_PAREN args R_PAREN
  | INT ( subexpr supexpr | supexpr subexpr )? ( additive ? DIFFERENTIAL | frac | additive )
  | SQRT ( L_BRACKET expr R_BRACKET )? L_BRACE expr R_BRACE
  | OVERLINE L_BRACE expr R_BRACE
  | SUM ( subeq supexpr | supexpr subeq ) mp
  | LIM limitSub mp ;
args: expr COMMA args | expr ;
limitSub: UNDERSCORE L_BRACE {LETTER SYMBOL} LIM_TO expr ( CARET ( L_BRACE {ADD SUB} R_BRACE | {ADD SUB} ) )? R_BRACE ;
funcArg: expr | expr COMMA funcArg ;
funcArgNoParens: mpNoFunc ;
subexpr: UNDERSCORE ( atom | L_BRACE expr R_BRACE ) ;
supexpr: CARET ( atom | L_BRACE expr R_BRACE ) ;
subeq: UNDERSCORE L_BRACE equality R_BRACE ;
`;

type Edge =
  | { kind: 'epsilon'; to: State }
  | { kind: 'tokens'; tokens: ReadonlySet<string>; to: State }
  | { kind: 'rule'; rule: Rule; precedence: number; to: State }
  | { kind: 'precedence'; precedence: number; to: State };

export interface State {
  id: number;
  rule: Rule;
  edges: Edge[];
  isStop: boolean;
  /** The loop of a rule that was left recursive. */
  isPrecedenceLoop: boolean;
  /** At a rule's stop: the states where callers continue, and whether they called with precedence 0. */
  followers: { to: State; outermost: boolean }[];
}

export interface Rule {
  name: string;
  start: State;
  stop: State;
  isPrecedenceRule: boolean;
}

class NetworkBuilder {
  readonly rules = new Map<string, Rule>();
  private states = 0;
  private words: string[] = [];
  private next = 0;

  build(grammar: string): ReadonlyMap<string, Rule> {
    const definitions = grammar
      .split(/;\s*\n/)
      .filter((text) => text.trim() !== '')
      .map((text) => text.split(/:(.*)/s, 2) as [string, string]);
    for (const [name, body] of definitions) {
      const rule = { name: name.trim(), isPrecedenceRule: body.includes('<') } as Rule;
      rule.start = this.state(rule);
      rule.stop = this.state(rule);
      rule.stop.isStop = true;
      this.rules.set(rule.name, rule);
    }
    for (const [name, body] of definitions) {
      this.words = body.match(/\w+\[\d\]|<\d>|\{[^}]*\}|\w+|[()|*+?]/g) ?? [];
      this.next = 0;
      const rule = this.rules.get(name.trim()) as Rule;
      this.alternatives(rule, rule.start, rule.stop);
    }
    return this.rules;
  }

  private state(rule: Rule): State {
    return { id: this.states++, rule, edges: [], isStop: false, isPrecedenceLoop: false, followers: [] };
  }

  private alternatives(rule: Rule, from: State, to: State): void {
    do {
      const start = this.state(rule);
      from.edges.push({ kind: 'epsilon', to: start });
      let at = start;
      while (this.next < this.words.length && !['|', ')'].includes(this.words[this.next] as string)) {
        at = this.element(rule, at);
      }
      at.edges.push({ kind: 'epsilon', to });
    } while (this.words[this.next++] === '|');
    this.next--;
  }

  private element(rule: Rule, from: State): State {
    const inner = this.state(rule);
    const innerEnd = this.state(rule);
    const word = this.words[this.next++] as string;
    let isPrecedenceLoop = false;
    if (word === '(') {
      isPrecedenceLoop = (this.words[this.next] as string).startsWith('<');
      this.alternatives(rule, inner, innerEnd);
      this.next++;
    } else {
      const start = this.state(rule);
      inner.edges.push({ kind: 'epsilon', to: start });
      this.atom(start, innerEnd, word);
    }
    const suffix = this.words[this.next];
    const end = this.state(rule);
    if (suffix === '?') {
      this.next++;
      inner.edges.push({ kind: 'epsilon', to: innerEnd });
      from.edges.push({ kind: 'epsilon', to: inner });
      innerEnd.edges.push({ kind: 'epsilon', to: end });
    } else if (suffix === '*') {
      this.next++;
      const loop = this.state(rule);
      loop.isPrecedenceLoop = isPrecedenceLoop;
      from.edges.push({ kind: 'epsilon', to: loop });
      loop.edges.push({ kind: 'epsilon', to: inner }, { kind: 'epsilon', to: end });
      innerEnd.edges.push({ kind: 'epsilon', to: loop });
    } else if (suffix === '+') {
      this.next++;
      const loop = this.state(rule);
      from.edges.push({ kind: 'epsilon', to: inner });
      innerEnd.edges.push({ kind: 'epsilon', to: loop });
      loop.edges.push({ kind: 'epsilon', to: inner }, { kind: 'epsilon', to: end });
    } else {
      from.edges.push({ kind: 'epsilon', to: inner });
      innerEnd.edges.push({ kind: 'epsilon', to: end });
    }
    return end;
  }

  private atom(from: State, to: State, word: string): void {
    if (word.startsWith('<')) {
      from.edges.push({ kind: 'precedence', precedence: Number(word[1]), to });
    } else if (word.startsWith('{')) {
      from.edges.push({ kind: 'tokens', tokens: new Set(word.slice(1, -1).split(' ')), to });
    } else if (/^[A-Z]/.test(word)) {
      from.edges.push({ kind: 'tokens', tokens: new Set([word]), to });
    } else {
      const [name, precedence] = word.split(/[[\]]/) as [string, string | undefined];
      const rule = this.rules.get(name) as Rule;
      from.edges.push({ kind: 'rule', rule, precedence: Number(precedence ?? 0), to });
      rule.stop.followers.push({ to, outermost: rule.isPrecedenceRule && precedence === undefined });
    }
  }
}

export const RULES: ReadonlyMap<string, Rule> = new NetworkBuilder().build(GRAMMAR);
