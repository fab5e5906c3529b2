/**
 * Reads the LaTeX dialect of the reference, SymPy 1.12's `parse_latex`, as the reference does: ANTLR's own runtime runs the tables that
 * ANTLR made from SymPy's grammar. Like the reference it reads a text as far as it can and ignores the rest, or raises an error. Which of
 * the two happens depends on how far ANTLR's prediction looks ahead.
 */
import type * as Antlr from 'antlr4ng' with { 'resolution-mode': 'import' };
import grammar from './latex-grammar.json';

// Its types are those of an ES module; its code is CommonJS too, and is built into this file.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const antlr = require('antlr4ng') as typeof Antlr;

/** The text is not in the language; the reference then tries its second reader. */
export class LatexSyntaxError extends Error {}

export interface Token {
  /** SymPy's name of it, such as `LETTER`. */
  type: string;
  text: string;
  start: number;
  end: number;
}

/** A rule's part of the text, under SymPy's name of the rule. */
export interface Tree {
  rule: string;
  children: (Tree | Token)[];
}

const MAX_LENGTH = 20_000;
/** Bars open and close alike, so that each of them doubles the ways to read a text. */
const MAX_BARS = 40;
/** Rules inside one another, and callers that one step of the prediction goes back to. */
const MAX_DEPTH = 900;
/** Steps of the prediction for one text. The reference gives up after five seconds. */
const MAX_STEPS = 300_000;
/** Comparisons of two stacks of callers for one text. */
const MAX_COMPARISONS = 3_000_000;
/** What the prediction has learnt is kept for later texts, up to this many states. */
const MAX_STATES = 20_000;

/** Work on the present text. */
let steps = 0;
let comparisons = 0;

/** ANTLR compares stacks branch by branch, which takes exponential time where they share parts. */
function boundComparisons(): void {
  for (const { prototype } of [antlr.ArrayPredictionContext, antlr.SingletonPredictionContext]) {
    const { equals } = prototype;
    prototype.equals = function (this: typeof prototype, other: unknown) {
      if (++comparisons > MAX_COMPARISONS) throw new LatexSyntaxError('Too much work.');
      return equals.call(this, other);
    };
  }
}

class BoundedPrediction extends antlr.ParserATNSimulator {
  protected override closureCheckingStopState(
    ...args: Parameters<Antlr.ParserATNSimulator['closureCheckingStopState']>
  ): void {
    const depth = args[5];
    if (++steps > MAX_STEPS || Math.abs(depth) > MAX_DEPTH) throw new LatexSyntaxError('Too much work.');
    super.closureCheckingStopState(...args);
  }
}

class Refusal extends antlr.BaseErrorListener {
  override syntaxError(): never {
    throw new LatexSyntaxError('No token begins here.');
  }
}

/** What one table says, and what the prediction has learnt of it. */
class Learnt {
  readonly atn: Antlr.ATN;
  states: Antlr.DFA[] = [];
  stacks = new antlr.PredictionContextCache();

  constructor(table: number[]) {
    this.atn = new antlr.ATNDeserializer().deserialize(table);
    this.forget();
  }

  forget(): void {
    this.states = this.atn.decisionToState.map((state, decision) => new antlr.DFA(state, decision));
    this.stacks = new antlr.PredictionContextCache();
  }

  get size(): number {
    return this.states.reduce((sum, dfa) => sum + dfa.length, 0);
  }
}

let tables: { lexer: Learnt; parser: Learnt } | undefined;

/** Made when the first text is read. */
function learntTables(): { lexer: Learnt; parser: Learnt } {
  if (tables === undefined) {
    boundComparisons();
    tables = { lexer: new Learnt(grammar.lexer), parser: new Learnt(grammar.parser) };
  }
  for (const learnt of Object.values(tables)) if (learnt.size > MAX_STATES) learnt.forget();
  return tables;
}

const VOCABULARY = new antlr.Vocabulary([], grammar.tokens);
const MATH = grammar.rules.indexOf('math');

/** @throws LatexSyntaxError where the reference's parser raises, and for a text that takes too much work */
export function parseLatex(source: string): Tree {
  if (source.length > MAX_LENGTH || source.split('|').length > MAX_BARS) throw new LatexSyntaxError('Too long.');
  steps = comparisons = 0;
  try {
    // Without the stacks of callers a text that is read to its end is read alike, in a part of the time.
    return readAll(source) ?? treeOf(readerOf(source).parse(MATH), 0);
  } catch (error) {
    throw error instanceof LatexSyntaxError ? error : new LatexSyntaxError('No alternative fits.', { cause: error });
  }
}

/** @returns undefined where the quick prediction does not reach the text's end */
function readAll(source: string): Tree | undefined {
  const reader = readerOf(source);
  reader.interpreter.predictionMode = antlr.PredictionMode.SLL;
  try {
    const tree = reader.parse(MATH);
    return reader.inputStream.LA(1) === antlr.Token.EOF ? treeOf(tree, 0) : undefined;
  } catch {
    return undefined;
  }
}

function readerOf(source: string): Antlr.ParserInterpreter {
  const { lexer, parser } = learntTables();
  const characters = antlr.CharStream.fromString(source);
  const tokens = new antlr.LexerInterpreter('LaTeX', VOCABULARY, [], [], ['DEFAULT_MODE'], lexer.atn, characters);
  tokens.interpreter = new antlr.LexerATNSimulator(tokens, lexer.atn, lexer.states, lexer.stacks);
  tokens.removeErrorListeners();
  tokens.addErrorListener(new Refusal());
  const stream = new antlr.CommonTokenStream(tokens);
  const reader = new antlr.ParserInterpreter('LaTeX', VOCABULARY, grammar.rules, parser.atn, stream);
  reader.interpreter = new BoundedPrediction(reader, parser.atn, parser.states, parser.stacks);
  reader.errorHandler = new antlr.BailErrorStrategy();
  reader.removeErrorListeners();
  return reader;
}

function treeOf(context: Antlr.ParserRuleContext, depth: number): Tree {
  if (depth > MAX_DEPTH) throw new LatexSyntaxError('Nested too deeply.');
  const children = context.children.map((child: Antlr.ParseTree) => {
    if (!(child instanceof antlr.TerminalNode)) return treeOf(child as Antlr.ParserRuleContext, depth + 1);
    const { type, text = '', start, stop } = child.symbol;
    return { type: VOCABULARY.getSymbolicName(type) ?? text, text, start, end: stop + 1 };
  });
  return { rule: grammar.rules[context.ruleIndex] as string, children };
}
