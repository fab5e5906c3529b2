/**
 * Reads the LaTeX dialect of the reference with the prediction of ANTLR 4 (Parr, Harwell, Fisher: Adaptive LL(*) Parsing, 2014). The
 * reference reads a text as far as it can and ignores the rest, or raises an error; which of the two happens depends on how far the
 * prediction looks ahead.
 */
import { ConfigSet, forgetStacks, push, stackIds, type Config, type Entry, type Stack } from './latex-configurations';
import { RULES, type Rule, type State } from './latex-grammar';
import { EOF, LatexSyntaxError, TokenStream, type Token } from './latex-tokens';

/** A rule's part of the text. The children's names tell the alternatives apart. */
export interface Tree {
  rule: string;
  children: (Tree | Token)[];
  /** First and last token. */
  from: number;
  to: number;
}

/** One computation of a closure: the configurations that can be reached without reading a token. */
interface Run {
  set: ConfigSet;
  busy: Set<number>;
  seen: Set<number>;
  fullContext: boolean;
  /** The decision being made; absent when a token has been read, after which precedence does not matter. */
  decision?: State;
}

const MAX_DEPTH = 900;
const MAX_LENGTH = 20_000;
/** Closure steps for one text, after which it counts as unreadable. */
const MAX_STEPS = 600_000;
/** Reading one token ahead, in closure steps. */
const LOOKAHEAD_COST = 20;

/** Start sets by decision, precedence and stack; emptied when full, so that memory stays bounded. */
const startSets = new Map<string, ConfigSet>();
let cachedSets = 0;
const MAX_CACHED_SETS = 50_000;

export class LatexParser {
  private readonly tokens: TokenStream;
  private index = 0;
  private stack: Stack | undefined;
  private precedence = 0;
  private depth = 0;
  private steps = 0;

  /** @throws LatexSyntaxError for a text that exceeds the reference's own limit of five seconds */
  constructor(readonly source: string) {
    if (source.length > MAX_LENGTH) throw new LatexSyntaxError('Too long.');
    this.tokens = new TokenStream(source);
  }

  /** @throws LatexSyntaxError where the reference's parser raises */
  parse(): Tree {
    return this.rule(RULES.get('math') as Rule, 0);
  }

  private rule(rule: Rule, precedence: number): Tree {
    if (++this.depth > MAX_DEPTH) throw new LatexSyntaxError('Nested too deeply.');
    const outerPrecedence = this.precedence;
    this.precedence = precedence;
    const tree: Tree = { rule: rule.name, children: [], from: this.index, to: this.index };
    let state = rule.start;
    while (!state.isStop) {
      const alt = state.edges.length === 1 ? 1 : this.predict(state);
      const edge = state.edges[alt - 1];
      if (edge === undefined) throw new LatexSyntaxError('No alternative fits.');
      if (edge.kind === 'tokens') {
        const token = this.tokens.at(this.index);
        if (!edge.tokens.has(token.type)) throw new LatexSyntaxError(`Unexpected "${token.text}" at ${token.start}.`);
        tree.children.push(token);
        this.index++;
        this.tokens.at(this.index);
      } else if (edge.kind === 'rule') {
        const outer = this.stack;
        this.stack = push(edge.to, outer);
        tree.children.push(this.rule(edge.rule, edge.precedence));
        this.stack = outer;
      }
      // After an operator the loop makes its operands one tree, so that the next operator applies to all of them.
      if (edge.kind === 'precedence' && tree.children.length > 1) {
        tree.children = [{ ...tree, children: tree.children, to: this.index - 1 }];
      }
      state = edge.to;
    }
    tree.to = this.index - 1;
    this.precedence = outerPrecedence;
    this.depth--;
    return tree;
  }

  private work(steps: number): void {
    this.steps += steps;
    if (this.steps > MAX_STEPS) throw new LatexSyntaxError('Too much work.');
  }

  /** With full context only where the stacks of callers decide, because that takes longer. */
  private predict(state: State, fullContext = false): number {
    let previous = this.startSet(state, fullContext);
    for (let ahead = this.index; ; ahead++) {
      this.work(LOOKAHEAD_COST);
      const reach = this.reach(previous, this.tokens.at(ahead).type, fullContext);
      if (reach === undefined) return this.finishedOrFail(previous);
      const { unique, conflict, viable } = reach.decision();
      if (unique !== undefined) return unique;
      if (conflict) return this.predict(state, true);
      if (viable.length === 1) return viable[0] as number;
      previous = reach;
    }
  }

  private finishedOrFail(configs: ConfigSet): number {
    const alt = configs.altThatFinished();
    if (alt === undefined) throw new LatexSyntaxError('No alternative fits.');
    return alt;
  }

  private startSet(state: State, fullContext: boolean): ConfigSet {
    const key = `${state.id}:${this.precedence}:${fullContext ? (this.stack?.id ?? 0) : 'any'}`;
    let set = startSets.get(key);
    if (set === undefined) {
      if (++cachedSets > MAX_CACHED_SETS) {
        startSets.clear();
        forgetStacks();
        cachedSets = 0;
      }
      set = this.makeStartSet(state, fullContext);
      startSets.set(key, set);
    }
    return set;
  }

  private makeStartSet(state: State, fullContext: boolean): ConfigSet {
    const set = new ConfigSet(fullContext);
    const busy = new Set<number>();
    const stack = fullContext ? this.stack : undefined;
    const run = { set, busy, seen: new Set<number>(), fullContext, decision: state };
    state.edges.forEach((edge, i) => {
      const config = { state: edge.to, alt: i + 1, stack, reachesOut: false, keepFromFilter: false };
      this.closure(config, run, 0);
    });
    return !fullContext && state.isPrecedenceLoop ? this.filterByPrecedence(set) : set;
  }

  /** Continuing the loop of a binary operator is preferred to leaving it for the same loop further out. */
  private filterByPrecedence(set: ConfigSet): ConfigSet {
    const filtered = new ConfigSet(false);
    const first = new Map<number, string>();
    for (const entry of set.entries.values()) {
      if (entry.alt === 1) first.set(entry.state.id, stackIds(entry.stacks));
    }
    for (const [key, entry] of set.entries) {
      const same = first.get(entry.state.id) === stackIds(entry.stacks);
      if (entry.alt === 1 || entry.keepFromFilter || !same) filtered.entries.set(key, entry);
    }
    return filtered;
  }

  private reach(previous: ConfigSet, type: string, fullContext: boolean): ConfigSet | undefined {
    if (!previous.next.has(type)) {
      cachedSets++;
      previous.next.set(type, this.makeReach(previous, type, fullContext));
    }
    return previous.next.get(type);
  }

  private makeReach(previous: ConfigSet, type: string, fullContext: boolean): ConfigSet | undefined {
    const moved: Config[] = [];
    const skipped: Entry[] = [];
    for (const entry of previous.entries.values()) {
      if (entry.state.isStop) {
        if (fullContext || type === EOF) skipped.push(entry);
        continue;
      }
      for (const edge of entry.state.edges) {
        if (edge.kind !== 'tokens' || !edge.tokens.has(type)) continue;
        for (const stack of entry.stacks) moved.push({ ...entry, state: edge.to, stack });
      }
    }
    let reach = new ConfigSet(fullContext);
    if (skipped.length === 0 && type !== EOF && moved.every((config) => config.alt === moved[0]?.alt)) {
      for (const config of moved) reach.add(config);
    } else {
      const run = { set: reach, busy: new Set<number>(), seen: new Set<number>(), fullContext };
      for (const config of moved) this.closure(config, run, 0);
    }
    if (type === EOF) {
      const stops = new ConfigSet(fullContext);
      for (const [key, entry] of reach.entries) if (entry.state.isStop) stops.entries.set(key, entry);
      reach = stops;
    }
    if (skipped.length > 0 && (!fullContext || !reach.hasStop())) {
      for (const entry of skipped) for (const stack of entry.stacks) reach.add({ ...entry, stack });
    }
    return reach.entries.size === 0 ? undefined : reach;
  }

  private closure(config: Config, run: Run, depth: number): void {
    const { state, stack } = config;
    const flags = (config.reachesOut ? 1 : 0) + (config.keepFromFilter ? 2 : 0) + (depth === 0 ? 4 : 0);
    const visit = ((state.id * 16 + config.alt) * 8 + flags) * 2 ** 26 + (stack?.id ?? 0);
    if (run.seen.has(visit)) return;
    run.seen.add(visit);
    this.work(1);
    if (state.isStop) {
      if (stack !== undefined) {
        this.closure({ ...config, state: stack.state, stack: stack.parent }, run, depth - 1);
        return;
      }
      if (run.fullContext || state.followers.length === 0) {
        this.work(run.set.add(config));
        return;
      }
      for (const follower of state.followers) {
        const keepFromFilter =
          config.keepFromFilter ||
          (run.decision?.isPrecedenceLoop === true && follower.outermost && state.rule === run.decision.rule);
        const key = (follower.to.id * 16 + config.alt) * 2 + (keepFromFilter ? 1 : 0);
        if (run.busy.has(key)) continue;
        run.busy.add(key);
        this.closure({ ...config, state: follower.to, reachesOut: true, keepFromFilter }, run, depth - 1);
      }
      return;
    }
    for (const edge of state.edges) {
      if (edge.kind === 'tokens') {
        this.work(run.set.add(config));
      } else if (edge.kind === 'rule') {
        const inner = { ...config, state: edge.rule.start, stack: push(edge.to, stack) };
        this.closure(inner, run, depth >= 0 ? depth + 1 : depth);
      } else if (edge.kind === 'precedence' && run.decision && depth === 0 && edge.precedence < this.precedence) {
        continue;
      } else {
        this.closure({ ...config, state: edge.to }, run, depth);
      }
    }
  }
}
