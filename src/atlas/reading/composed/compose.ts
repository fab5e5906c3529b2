/**
 * What a question asks, made of its parts: which things, what of them, and what is done with the amounts. It needs no sentence that anybody
 * foresaw, only words for the parts; so it comes where no sentence is known.
 *
 * @module
 */
import type { AnswerChange } from '../answer-change';
import type { Plan } from '../plans';
import { askedPlaces, countOf } from '../rounding';
import { askedUnit, factorBetween, type Literal } from './literals';
import { mark, type Marked } from './marked';
import { quantities, type Quantity } from './quantities';

export interface Composed {
  plan: Plan;
  change?: AnswerChange;
}

const TAG =
  /^(?:(?:but |and |so )?(?:is|was|are|were)(?:n't)? (?:he|she|it|that|this|they)\b(?! true that)[^§]{0,40}|(?:is|was|are) (?:mum|dad|my \w+|the \w+) (?:right|correct|wrong|true)|(?:does|do|did) (?:he|she|they|i) (?:have|get|got) (?:it|that) right|true|correct|right|yes|yes or no|fact or not|do i owe \w+|is this .{0,30})[?. ]*$/;
const ASKS = /\b(?:what|which|how|who|whom|whose|when|find|give|work out|calculate|compute|determine|convert|express|subtract|add|name|tell|state|write|quantify|count|divide|take|need|want to know|wonder|whether|multiply|express)\b/;
const IS_QUESTION = /\?+["')]*$/;
const YES_NO = /(?:^|[:,] |\.\.\. (?:no wait, )?)(?:(?:and|but|so|ok|okay|well|now|please|hey|hi|hello|yo|um|er)[, ]+)*(?:(?:can|could|would) (?:you|u) (?:please )?tell me (?:if |whether )?)?(?:is|are|was|were|did|do|does|has|have|had|can|could|would|will)\b(?! (?:you|u|we|they|i)\b)|\bwhether\b(?! (?:you|u)\b)|\b(?:yes|true) or (?:no|false)\b|\b(?:yes|true)\/(?:no|false)\b|\bor not\b|\bcan i (?:write|say|claim|print) that\b|\bsay yes\b|\banswer yes\b/;
/** The part that asks, behind a colon: "But how stands it with France: is Ukraine larger than France?" */
const YES_NO_LAST = /^.*: ((?:is|was|are|were|did|does|do|has|have) [^:]*§[^:]*§[^:]*)$/;
const LESS = /\b(?:short of|less|fewer|smaller|shorter|lower|shallower|under|below|least|smallest|shortest|lowest|shallowest|fewest|narrower|lighter|littler|tiniest|minimum)\b/;
const EARLY = /\b(?:first|earlier|earliest|older|oldest|before|sooner|elder|eldest|predates?|precede[sd]?|already|prior)\b/;
const LATE = /\b(?:last|later|latest|after|younger|youngest|newer|newest|recent|postdates?|still|yet)\b/;
const MORE = /\b(?:more|over|above|greater|larger|bigger|longer|taller|higher|deeper|wider|beyond|past|exceeds?|exceeded|exceeding|top|tops|older|at least|reach|reaches|outnumbers?|beats?|most|crowded|denser|upwards)\b/;
const PERCENT = /\b(?:per ?cent|percent|percentage|percentages|pct|proportion|share|fraction)\b|%|\b(?:of|out of) every #/;
const MEAN = /\b(?:average|averages|(?<!\b(?:i|you|we|they|that|does|do|did|the|this|to) )mean(?! by)|the mean(?= (?!that))|midpoint|midway|half ?way|middle)\b|\bsum\b.*\bdivided by (?:two|2|three|3)\b/;
const RATIO = /\b(?:times|ratio|multiple|quotient|fold|factor|divided|go(?:es)? into|fits?|divide|side by side|end to end across|for (?:every|each) (?:person|inhabitant|one|§))\b|\bhow many (?:(?:complete|whole|full|entire) )?§/;
const SUM = /\b(?:sum|total|totals|combined|combine|together|togehter|altogether|add|added|plus|jointly|overall|both|end to end|put|aggregate|in all)\b|\+|\bcome to\b|\bhave\b[^?]*\bbetween them\b/;
const DIFFERENCE = /\b(?:differences?|differ|differs|diff|gap|subtract|minus|apart|separates?|between|more|fewer|less|longer|taller|higher|deeper|wider|larger|bigger|shorter|lower|older|younger|later|earlier|sooner|before|after|outlive[sd]?|survive[sd]?|exceeds?|left|remain|short of|clear of|away|compared?|versus|vs|extra|level with|ahead|behind|margin|precede[sd]?|passed|elapsed|since)\b/;
const CHOICE = /\b(?:short|long|tall|high|deep|low|small|larg|bigg|old|young|few|great|earli|lat)est\b|\btop one\b|\bthe (?:first|last)(?= ?[:,.])|(?<!\b(?:in|by|at|of) )\bwhich\b(?! (?:year|century)\b)|\bwho(?:se)?\b|\bwhat (?:came|was|is|element|river|country|city|state|mountain|lake|building)\b|\bor\b|\bone of\b|\bname the\b|\b(?:oldest|largest|longest|tallest|highest|deepest|biggest|smallest|shortest) of\b/;
const COUNTED = /\bhow many (?:of [^?]*)?(?:have|has|had|are|were|exceed|lie|stand|rise)\b|\b(?:how many|count|number) (?:of |the )?(?:the(?:se|m)?\b|those\b|following\b|\w+ \w+ with\b|\w+ (?:with|of)\b)/;

/** @returns undefined where the parts make no whole */
export function compose(question: string): Composed | undefined {
  const marked = mark(question);
  if (marked.things.length === 0) return undefined;
  const whole = marked.sentences.join(' ');
  const asking = askingOf(marked.sentences);
  const isTag = TAG.test(asking.tag);
  const text = asking.text.replace(YES_NO_LAST, '$1');
  // What is drawn on a map, and a state beside another's capital, have sentences of their own.
  if (/\bmap\b/.test(whole) || (marked.things.length > 1 && /\bcapital\b/.test(text) && !/\bcapital\b.*\bcapital\b|\bthat of\b/.test(text))) return undefined;
  const numbers = thingsFor(marked, text, whole);
  const asked = quantities(marked, text, whole, numbers);
  if (!asked || asked.quantities.length === 0) return undefined;
  const context: Context = {
    text,
    whole,
    literals: literalsFor(marked, text, asked.quantities[0]!),
    asked: asked.quantities,
    isNamed: asked.isNamed,
    isYesNo: isTag || YES_NO.test(text) || YES_NO.test(asking.tag),
    places: askedPlaces(text) ?? askedPlaces(whole),
    marked,
  };
  for (const way of [owner, counting, judged, chosen, computed, looked]) {
    const found = way(context);
    if (found) return found;
  }
  return undefined;
}

interface Context {
  text: string;
  whole: string;
  literals: Literal[];
  asked: Quantity[];
  isNamed: boolean;
  isYesNo: boolean;
  places: number | undefined;
  marked: Marked;
}

function askingOf(sentences: readonly string[]): { text: string; tag: string } {
  const asks = (sentence: string) => IS_QUESTION.test(sentence) && !TAG.test(sentence);
  const tag = sentences.find((sentence) => TAG.test(sentence)) ?? '';
  const at = sentences.findLastIndex(asks);
  if (at >= 0 && tag === '') return { text: sentences[at]!, tag };
  const others = sentences.filter((sentence) => sentence !== tag);
  const said =
    others.findLast(asks) ?? others.findLast((one) => ASKS.test(one)) ?? others.findLast((one) => /§/.test(one)) ?? others.at(-1) ?? '';
  return { text: tag === '' ? said : (others.findLast((one) => /§/.test(one)) ?? said), tag };
}

const marksIn = (text: string) => [...new Set([...text.matchAll(/§(\d+)/g)].map(([, number]) => Number(number)))];

/** The things of the asking sentence; those told of before where it compares one with nothing, or names none. */
function thingsFor(marked: Marked, text: string, whole: string): number[] {
  const own = marksIn(text);
  const all = marksIn(whole);
  const literals = /#\d/.test(text);
  const compares = /\bwhich one\b|\bwhich is\b|\bor\b|\btwo\b|\bthree\b|\bboth\b|\btogether\b|est\b|\bbetween\b|\b\w+er\b|\bmore\b|\bless\b|\bdifference\b|\btimes\b|\bdiff\b|\bpercent|\bper cent\b|\bthat\b|\bthem\b|\bours\b|\bhers\b|\bhis\b|\bafter\b|\bbefore\b|\b(?:outlive|survive)/;
  if (own.length === 0) {
    const people = all.filter((number) => marked.things[number]![0]!.kind === 'person');
    if (people.length === 1 && /\b(?:how old|age)\b.*\b(?:he|she)\b/.test(text)) return people;
    const near = marked.sentences.map(marksIn).findLast((found) => found.length > 0) ?? all;
    return near.length > 1 || (!compares.test(text) && !isOperating(text)) ? near : all;
  }
  if (own.length === 1 && !literals && compares.test(text) && all.length === 2) return all;
  return own;
}

/** Those of the asking sentence, else all; of the kind that can be compared with the amount, where there are several. */
function literalsFor(marked: Marked, text: string, { isYear, unit, attribute }: Quantity): Literal[] {
  const own = [...text.matchAll(/#(\d+)/g)].map(([, number]) => marked.literals[Number(number)]!);
  const known = own.length > 0 ? own : marked.literals;
  const fitting = known.filter((one) => one.isYear === (isYear || attribute === 'age') || (one.unit !== undefined && unit !== undefined));
  const several = known.length > 1 && fitting.length > 0 ? fitting : known;
  return several.length > 1 ? several.filter(({ value }) => value !== 1) : several;
}

const plan = (of: readonly Quantity[], compute: string | undefined, more: Partial<Plan> = {}): Plan => ({
  searches: [...new Set(of.flatMap(({ searches }) => searches))],
  ...(compute === undefined ? {} : { compute }),
  ...more,
});
const rounding = (places: number | undefined): AnswerChange | undefined =>
  places === undefined ? undefined : { kind: 'rounded', places, isUnsigned: true };
const done = (found: Plan, change: AnswerChange | undefined): Composed => ({ plan: found, ...(change ? { change } : {}) });

function inUnit(formula: string, { unit }: Quantity, wanted: string | undefined): string {
  const factor = factorBetween(unit, wanted);
  return factor === 1 ? formula : `${formula} * ${factor}`;
}

/** A number of the question in the unit of the atlas. */
const inOwnUnit = ({ value, unit }: Literal, quantity: Quantity) => value / factorBetween(quantity.unit, unit);

const isLess = (text: string, isYear: boolean) =>
  isYear || /\byoung(?:er)?\b/.test(text) ? EARLY.test(text.replace(/\byoung(?:er)?\b/, isYear ? '$&' : 'before')) && !/\blater than\b|\bafter\b/.test(text) : LESS.test(text) && !/\bat least\b/.test(text);

/** "Which country has Windhoek as its capital?" */
function owner({ text, marked }: Context): Composed | undefined {
  const [[city, ...others] = []] = marked.things;
  if (marked.things.length !== 1 || city?.kind !== 'city' || others.some(({ kind }) => kind !== 'city')) return undefined;
  if (!/\b(?:which|what)\b[^?]*\b(?:country|state|nation)\b.*\bcapital\b|\bcapital (?:city )?of (?:which|what)\b|\bcapital\b.*\bof (?:which|what) (?:\w+ )*(?:country|state|nation)\b/.test(text)) return undefined;
  return done({ searches: [`capital of ${city.name}`], isOwner: true }, undefined);
}

/** How many of several have more than a number. */
function counting({ text, asked, literals }: Context): Composed | undefined {
  const [limit] = literals;
  if (asked.length < 3 || !limit || !COUNTED.test(text)) return undefined;
  return done(plan(asked, undefined, {
    count: { of: asked.map(({ formula }) => formula), than: inOwnUnit(limit, asked[0]!), isLess: isLess(text, asked[0]!.isYear) || /\bbefore\b|\bby\b/.test(text) },
  }), undefined);
}

/** Yes or no. */
function judged(context: Context): Composed | undefined {
  const { text, literals, asked, isYesNo } = context;
  if (!isYesNo || (/§\d[^§]*\bor\b[^§]*§\d/.test(text) && !/\bor not\b/.test(text))) return undefined;
  const [x, y] = asked;
  const [limit] = literals;
  if (!context.isNamed && context.marked.foreign.size > 0 && !MORE.test(text) && !LESS.test(text)) return undefined;
  const said = text.replace(/\bat least\b|\breach(?:ed)?\b/g, 'atleast');
  if (asked.length === 1 && x) {
    if (!limit) return undefined;
    const value = x.attribute === 'age' && limit.isYear ? undefined : inOwnUnit(limit, x);
    if (value === undefined) return undefined;
    const compares = (MORE.test(said) || LESS.test(said) || EARLY.test(said) || LATE.test(said) || /atleast/.test(said)) && !/\b(?:correct|right|true|also|exactly|same)\b/.test(said.replace(/\bis (?:he|she|it|that) right\b/, ''));
    const compute = plan([x], x.formula === x.searches[0] ? undefined : x.formula);
    if (!compares) return done(compute, { kind: 'equals', to: value });
    return done(compute, { kind: 'beyond', than: /atleast|\breach/.test(said) ? value - 1e-9 : value, isLess: isLess(said, x.isYear) });
  }
  if (!x || !y) return undefined;
  if (/\bsame\b|\bequal\b/.test(text)) return done(plan([x, y], `${x.formula} - ${y.formula}`), { kind: 'equals', to: 0 });
  if (asked.length === 2 && !x.isYear) {
    const [, factor = ''] = /\b(\w+) times\b|\b(twice|double|triple|half)\b/.exec(text)?.filter(Boolean) ?? [];
    const ratio = factor === 'half' ? 0.5 : (countOf(factor) ?? (factor === '' ? undefined : literals[0]?.value));
    if (ratio !== undefined)
      return done(plan([x, y], `${x.formula} / ${y.formula}`), { kind: 'beyond', than: LESS.test(said) ? ratio : ratio - 1e-9, isLess: LESS.test(said) });
    if (limit && SUM.test(text))
      return done(plan([x, y], `${x.formula} + ${y.formula}`), { kind: 'beyond', than: inOwnUnit(limit, x) - 1e-9, isLess: LESS.test(said) });
    if (limit && (!limit.unit || limit.unit !== 'years')) {
      const turned = LESS.test(said);
      return done(plan([x, y], turned ? `${y.formula} - ${x.formula}` : `${x.formula} - ${y.formula}`), { kind: 'beyond', than: inOwnUnit(limit, x) - (/atleast/.test(said) ? 1e-9 : 0), isLess: false });
    }
  }
  if (x.attribute.endsWith('year') && y.attribute.endsWith('year') && /\b(?:alive|still|live to see|around)\b/.test(text) && x.thing.kind === 'person' && !/\bdead\b/.test(text)) {
    const death = { ...x, searches: [x.formula.replace('birth year', 'death year')], formula: x.formula.replace('birth year', 'death year') };
    return done(plan([death, y], `${death.formula} - ${y.formula}`), { kind: 'beyond', than: -1e-9, isLess: false });
  }
  if (![MORE, LESS, EARLY, LATE].some((sign) => sign.test(said)) && !/\bas\b|\bcompared\b|\bnegative\b/.test(said)) return undefined;
  const [before, after] = sidesOf(context);
  if (before.length === 0 || after.length === 0) return undefined;
  const sum = (side: readonly Quantity[]) => side.map(({ formula }) => formula).join(' + ');
  const compute = after.length > 1 ? `${sum(before)} - (${sum(after)})` : `${sum(before)} - ${sum(after)}`;
  return done(plan(asked, compute), { kind: 'beyond', than: 0, isLess: isLess(said, x.isYear) });
}

/** What stands before the comparison and what behind it; one each where nothing tells. */
function sidesOf({ text, asked, marked }: Context): [Quantity[], Quantity[]] {
  const place = (quantity: Quantity) => text.indexOf(`§${marked.things.findIndex((meanings) => meanings.includes(quantity.thing))}`);
  const first = Math.max(0, Math.min(...asked.map(place)));
  const at = first + text.slice(first).search(/\bthan\b|\bexceeds?\b|\bas\b|\bbefore\b|\bafter\b|\bwhen\b|\bcompared\b|\boutnumbers?\b|\boutlived?\b|\bover\b/);
  const [before, after] = [asked.filter((one) => place(one) < at), asked.filter((one) => place(one) >= at)];
  return before.length > 0 && after.length > 0 ? [before, after] : asked.length === 2 ? [[asked[0]!], [asked[1]!]] : [[...asked], []];
}

/** One of several by name. */
function chosen(context: Context): Composed | undefined {
  const { text, asked, literals } = context;
  if (asked.length < 2 || !CHOICE.test(text)) return undefined;
  if (/\bhow (?:many|much|old|far|long)\b|\bwhat age\b|\bby (?:how|what)\b|\bdifference\b|\bin (?:which|what) year\b|\bwhat (?:is|was) (?:the )?(?:sum|total|ratio|average|mean|combined|difference)\b/.test(text) || PERCENT.test(text)) return undefined;
  if (/\bsubtract|\bminus\b/.test(text)) return undefined;
  if (!/\bor\b|\bwhich\b|\bwho(?:se)?\b|\bwhat came\b|\bone of\b|est\b|\bfirst\b/.test(text)) return undefined;
  if (SUM.test(text) || MEAN.test(text)) return undefined;
  const [first] = asked;
  const [exact] = literals;
  if (exact && !exact.isYear && /\bhas\b|\bis\b/.test(text) && first!.attribute === 'atomic number')
    return done(plan(asked, undefined, { extreme: { of: asked.map(({ name, formula }) => ({ name, phrase: formula })), isLeast: true, from: exact.value } }), undefined);
  const place = isComparing(text) ? text : context.whole;
  const least = first!.isYear ? (EARLY.test(place) || /\bold/.test(place)) && !LATE.test(place.replace(/\blast (?:night|week|year|time)\b/g, '')) : LESS.test(place) || (first!.attribute === 'age' && /\byoung/.test(place));
  return done(plan(asked, undefined, { extreme: { of: asked.map(({ name, formula }) => ({ name, phrase: formula })), isLeast: least } }), undefined);
}

const isComparing = (text: string) => LESS.test(text) || EARLY.test(text) || LATE.test(text) || MORE.test(text) || /est\b/.test(text);

/** A number of several, or of one and a number of the question. */
function computed(context: Context): Composed | undefined {
  const { text, whole, asked, places } = context;
  const [x, y, ...more] = asked;
  const formulas = asked.map(({ formula }) => formula);
  if (x!.attribute === 'capital' || x!.attribute === 'inventor') return undefined;
  const op = (sign: RegExp) => sign.test(text) || (!isOperating(text) && sign.test(whole));
  const wanted = askedUnit(text, x!.unit) ?? askedUnit(whole.replace(/\b(?:in|at|every|each) #\d \w+/g, ''), x!.unit);
  if (asked.length === 1) return ofOne(context, wanted);
  if (op(PERCENT)) {
    if (more.length > 0) return undefined;
    const isMore = /\b(?:more|larger|bigger|higher|taller|longer|greater|populous|deeper)\b/.test(text);
    if (isMore) return done(plan(asked, `100 * ({larger} - {smaller}) / {smaller}`, { pair: formulas }), rounding(places));
    return done(plan(asked, `100 * {smaller} / {larger}`, { pair: formulas }), rounding(places));
  }
  if (/\bmultipl(?:y|ied)\b|\bproduct\b/.test(text) && more.length === 0) return done(plan(asked, formulas.join(' * ')), rounding(places));
  if (op(MEAN)) return done(plan(asked, `(${formulas.join(' + ')}) / ${asked.length}`), rounding(places));
  if (op(RATIO) && more.length === 0 && !(x!.isYear && !/\bratio\b|\bdivide/.test(text))) {
    const isDivided = /§\d[^§]*\b(?:divided by|divide by|:|\/)[^§]*§\d|\bratio\b/.test(text);
    return done(plan(asked, isDivided ? `${x!.formula} / ${y!.formula}` : `{larger} / {smaller}`, isDivided ? {} : { pair: formulas }), rounding(places));
  }
  const [before, after] = asked.length > 2 && /\bthan\b|\bexceed/.test(text) ? sidesOf(context) : [[], []];
  if (before.length > 0 && after.length > 0) {
    const sum = (side: readonly Quantity[]) => side.map(({ formula }) => formula).join(' + ');
    if (op(RATIO)) return done(plan(asked, `(${sum(before)}) / (${sum(after)})`), rounding(places));
    return done(plan(asked, inUnit(`((${sum(before)}) - (${sum(after)}))`, x!, wanted)), rounding(places) ?? { kind: 'unsigned' });
  }
  const isApart = more.length === 0 && (/\bthan\b/.test(text) || (x!.isYear && !/\b(?:sum|add)\b/.test(text)));
  if (!isApart && (op(SUM) || (asked.length > 2 && !x!.isYear))) {
    const scale = /\b(?:in|many) (million|thousand|billion|crore|lakh)s?\b/.exec(whole)?.[1];
    const divisor = scale === undefined ? undefined : { million: 1e6, thousand: 1e3, billion: 1e9, crore: 1e7, lakh: 1e5 }[scale];
    const sum = asked.length > 1 ? `(${formulas.join(' + ')})` : formulas[0]!;
    return done(plan(asked, divisor ? `${sum} / ${divisor}` : factorBetween(x!.unit, wanted) === 1 ? formulas.join(' + ') : inUnit(sum, x!, wanted)), rounding(places));
  }
  if (more.length === 0 && (op(DIFFERENCE) || x!.isYear))
    return done(plan(asked, factorBetween(x!.unit, wanted) === 1 ? `${x!.formula} - ${y!.formula}` : inUnit(`(${x!.formula} - ${y!.formula})`, x!, wanted)), rounding(places) ?? { kind: 'unsigned' });
  return undefined;
}

const isOperating = (text: string) => [PERCENT, MEAN, RATIO, SUM, DIFFERENCE].some((sign) => sign.test(text));

function ofOne(context: Context, wanted: string | undefined): Composed | undefined {
  const { text, whole, literals, places, asked } = context;
  const [x] = asked as [Quantity];
  const [n, ...others] = literals;
  const isComputed = x.formula !== x.searches[0];
  if (x.attribute === 'age' && n?.isYear) {
    const birth = x.searches[1]!;
    return done(plan([{ ...x, searches: [birth] }], `${n.value} - ${birth}`), { kind: 'unsigned' });
  }
  if (n && others.length === 0) {
    if (n.isRate || /\bscale\b|\bstands? for\b|\brepresents?\b/.test(whole)) return done(plan([x], `${x.formula} / ${inOwnUnit(n, x)}`), /\bround(?:ed)? up\b/.test(whole) ? { kind: 'rounded', places: 0, isUp: true } : rounding(places));
    if (x.isYear && n.isYear && /\bhow (?:many|old|long)\b|\byears\b|\bage\b|\bold\b/.test(text)) return done(plan([x], `${n.value} - ${x.formula}`), { kind: 'unsigned' });
    if (x.isYear && /\bwill\b|\banniversary\b|\bcentenary\b|\bplus\b|\bturn(?:ed|s)?\b|\bcentenary\b|\bafter\b/.test(whole)) return done(plan([x], `${x.formula} + ${n.value}`), undefined);
    if (x.isYear && /\bborn\b|\bbefore\b/.test(text)) return done(plan([x], `${x.formula} - ${n.value}`), undefined);
    if (!x.isYear && PERCENT.test(whole) && !n.unit) return done(plan([x], `${x.formula} * ${n.value} / 100`), rounding(places));
    const value = inOwnUnit(n, x);
    if ((RATIO.test(text) || /\btimes\b|\bmultiple\b|\bdivided?\b/.test(text)) && !x.isYear && !/\b(?:multiply|multiplied|times (?:the|that))\b/.test(text)) return done(plan([x], n.unit || /\bdivide|\bgo(?:es)? into|\bfits?\b/.test(text) ? `${x.formula} / ${value}` : `${x.formula} * ${value}`), rounding(places));
    if (/\bmultipl|\btimes the\b|\b(?:each|every|everybody|everyone)\b/.test(whole) && !x.isYear) return done(plan([x], `${x.formula} * ${n.value}`), rounding(places));
    if (DIFFERENCE.test(text) && (n.unit !== undefined || !x.isYear)) return done(plan([x], inUnit(isComputed || wanted !== n.unit ? `(${x.formula} - ${value})` : `(${x.formula} - ${value})`, x, wanted)), rounding(places) ?? { kind: 'unsigned' });
  }
  return undefined;
}

/** One fact, as it stands or in another unit. */
function looked(context: Context): Composed | undefined {
  const { text, whole, asked, places, marked, isNamed } = context;
  const [x, ...more] = asked;
  if (!x || more.length > 0 || !isNamed) return undefined;
  const number = marked.things.findIndex((meanings) => meanings.includes(x.thing));
  if (!fits(text, x) || (marked.foreign.size > 0 && !(isDirect(text, number) && isPure(text, number, marked)))) return undefined;
  if (context.literals.some(({ isYear }) => isYear) && !x.isYear) return undefined;
  const wanted = askedUnit(text, x.unit) ?? askedUnit(whole, x.unit);
  const factor = factorBetween(x.unit, wanted);
  const scale = /\b(?:in|many) (million|thousand|billion|crore|lakh)s?\b/.exec(whole)?.[1];
  const divisor = scale === undefined ? undefined : { million: 1e6, thousand: 1e3, billion: 1e9, crore: 1e7, lakh: 1e5 }[scale];
  const half = /\bhalf\b/.test(text) ? ' / 2' : /\bdoubled?\b|\btwice\b/.test(text) ? ' * 2' : /\btripled?\b/.test(text) ? ' * 3' : '';
  const isComputed = x.formula !== x.searches[0];
  if (divisor) return done(plan([x], `${x.formula} / ${divisor}`), rounding(places === undefined ? undefined : Math.max(0, places)));
  if (factor === 1 && half === '' && !isComputed) return done(plan([x], undefined), places !== undefined && places < 0 ? rounding(places) : undefined);
  return done(plan([x], `${inUnit(x.formula, x, wanted)}${half}`), rounding(places ?? (factor === 1 ? undefined : factor < 0.01 ? 3 : 0)));
}

/** Whether the question word can ask for such a thing: nobody asks where for a year. */
function fits(text: string, { attribute, isYear }: Quantity): boolean {
  if (/\bwhere\b|\bwhy\b|\bsecond\b|\bthird\b|\bhow (?:do|does|did|to)\b/.test(text)) return false;
  if (/(?:larg|bigg|small|high|tall|long|short|deep|shallow|low)est\b/.test(text) && !/\bits\b|\bat (?:its|the)\b/.test(text)) return false;
  if (/\bwho\b|\bwhom\b/.test(text)) return attribute === 'inventor' || (!/^who\b/.test(text) && attribute !== 'first ascent year');
  if (isYear) return /\bwhen\b|\byears?\b|\bdates?\b|\bborn\b|\bdie[ds]?\b|\bbirth\b|\bdeath\b|\bcentury\b/.test(text) && !/how (?:many|long|old)/.test(text);
  const [, counted] = /\bhow many (\w+)/.exec(text) ?? [];
  if (counted !== undefined && attribute === 'population') return /^(?:people|inhabitants|residents|citizens|folks?|persons|souls|humans|ppl|million|of|thousand|crore|lakh|living|individuals|heads)/.test(counted);
  return !/\bwhich (?:countries|languages?|cities|states)\b/.test(text) && !(attribute === 'length' && /\bhow many (?:countries|\w*s) (?:does|do)\b/.test(text) && !/kilomet|miles|met(?:er|re)s|km/.test(text));
}

/** Whether the part of the sentence that asks has no word of something else. */
function isPure(text: string, number: number, { foreign }: Marked): boolean {
  const at = text.indexOf(`§${number}`);
  if (at < 0) return !(text.match(/\p{L}+/gu) ?? []).some((word) => foreign.has(word));
  const start = Math.max(0, ...[...text.slice(0, at).matchAll(/[,:;(-] |\b(?:what|how|which|who|when|need|know|tell|give|me|find|write|wonder|wondering|say|ask|asked)\b/g)].map(({ index }) => index));
  const end = text.slice(at).search(/[,;:?(!]| - /);
  const clause = text.slice(start, end < 0 ? undefined : at + end);
  return !(clause.match(/\p{L}+/gu) ?? []).some((word) => foreign.has(word));
}

/** "the height of A", "A's height", "how high is A", "When did A die". */
function isDirect(text: string, number: number): boolean {
  const [before = '', after = ''] = text.split(new RegExp(`§${number}(?!\\d)`));
  return (
    !text.includes(`§${number}`) ||
    /\b(?:of|for|in|does|is|was|did|has|at|on|to|by|from|with|behind|invented)(?: the| mount)? $/.test(before) ||
    /^ ?'s\b|^,? (?:in|is|was|has|have|died?|born|completed|finished|joined|became)\b/.test(after) || /^[^§]*$/.test(before) && /^[ ,:]/.test(after) && before.trim() === ''
  );
}
