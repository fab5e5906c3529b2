/**
 * What a question asks, made of its parts: which things, what of them, and what is done with the amounts. It needs no sentence that anybody
 * foresaw, only words for the parts.
 */
import { askedPlaces } from './rounding';
import { askingOf, literalsFor, thingsFor, type Asking } from './asking';
import { calculated } from './calculations';
import { chosen, counted } from './choices';
import type { Composed } from './composed';
import { BEHIND_COLON, DOWNWARDS, NEGATED, TAG, UPWARDS, YES_NO } from './cues';
import { judged, namedBy } from './judgements';
import { elementOf, lookedUp, ownerOf, sharedYear } from './look-ups';
import { mark, type Marked } from './marked';
import { quantitiesOf } from './quantities';

/** In the order in which they are tried; the first that can answer is taken. */
const WANTS_NAME =
  /\b(?:just|only) (?:the|his|her|its|a) name\b|\bname only\b|\b(?:give|tell|say|write|state)\b(?: \w+)? the name of the (?:\w+ (?:one|of)|\w+er\b)/;

const WAYS = [ownerOf, namedBy, counted, sharedYear, judged, chosen, calculated, lookedUp];

/** "By how many miles, to the nearest mile, is A longer than B?" asks for a number. */
function asksYesOrNo(text: string): boolean {
  const found = YES_NO.exec(text);
  return (
    found !== null &&
    !/\bhow\b/.test(text.slice(0, found.index)) &&
    !/\b(?:be|is|was|take) (?:then )?how\b/.test(text) &&
    !/\bif so,? (?:by )?how\b/.test(text)
  );
}

/** "A bigger economy than" */
function ofSomethingElse(text: string, { foreign, literals }: Marked): boolean {
  const [, noun = ''] =
    /\b(?:bigger|larger|higher|greater|more|fewer|less|lower|smaller|longer) (\w+) than\b/.exec(text) ?? [];
  const [, part = ''] =
    /\b(?:divide|multiply|add|subtract|share[ds]?|split)\b(?: out| up)?(?: all)? the (\w+) (?:of|in) (?:the )?§/.exec(
      text,
    ) ?? [];
  return (
    foreign.has(noun) ||
    foreign.has(part) ||
    (literals.length === 0 && /\b(?:weighs?|weighed|weight|mass|heav(?:y|ier|iest)|gdp)\b/.test(text))
  );
}

/** "Rank these by area" asks for all of them in an order, unless one is picked: "and tell me the shortest". */
const RANKED = /^(?:(?:please|can you|could you|would you) )*(?:rank|sort|order|arrange|list|put)\b/;
const PICKED =
  /\b(?:which|who|what|how|only|just|tell|give|name|winner|first|second|third|last|middle|top|median|average|mean|total|sum|difference|\w+est|most|least|fewest)\b/;

/** The answer, rounded in the direction that the question wants, or turned round where a denial is asked about. */
function told({ plan, change }: Composed, { text, whole, places = 0 }: Asking, tag: string): Composed {
  const isTruth = change !== undefined && change.kind !== 'rounded' && change.kind !== 'unsigned';
  if (isTruth && /\b(?:right|correct|true|so)\b/.test(tag) && NEGATED.test(text))
    return { plan, change: { ...change, isNegated: true } };
  const towards = UPWARDS.test(whole) ? 'up' : DOWNWARDS.test(whole) ? 'down' : undefined;
  if (towards === undefined || places !== 0 || plan.compute === undefined || isTruth)
    return change ? { plan, change } : { plan };
  return { plan, change: { kind: 'rounded', places: 0, towards } };
}

/** @returns undefined where the parts make no whole */
export function compose(question: string): Composed | undefined {
  const marked = mark(question);
  const whole = marked.sentences.join(' ');
  if (marked.things.length === 0) return elementOf(whole, marked.literals);
  const { sentence, tag } = askingOf(marked.sentences);
  const text = sentence.replace(BEHIND_COLON, '$1');
  if (ofSomethingElse(text, marked) || (RANKED.test(whole) && !PICKED.test(whole))) return undefined;
  const found = quantitiesOf(marked, text, whole, thingsFor(marked, text, whole));
  const [first] = found?.quantities ?? [];
  if (!found || !first) return undefined;
  const wantsName = WANTS_NAME.test(whole);
  const asking: Asking = {
    text,
    whole,
    literals: literalsFor(marked, text, first),
    asked: found.quantities,
    isNamed: found.isNamed,
    wantsName,
    isYesNo: !wantsName && (TAG.test(tag) || asksYesOrNo(text) || asksYesOrNo(tag)),
    places: askedPlaces(text) ?? askedPlaces(whole),
    marked,
  };
  for (const way of WAYS) {
    const answer = way(asking);
    if (answer) return told(answer, asking, tag);
  }
  return undefined;
}
