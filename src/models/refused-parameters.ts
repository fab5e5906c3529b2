/**
 * Parameters that a model refuses: reasoning models take `max_completion_tokens` in the place of `max_tokens`, one temperature, and no
 * stop strings; vendors lack `seed` or constraints; some answer streams alone. The refusal names the parameter, so a model's first
 * call finds out and later calls know.
 *
 * @module
 */
import { EndpointError } from './endpoint-post';

export type RequestBody = Record<string, unknown>;

/** Goes on without the parameter, with another name, with a smaller value, or as a stream. */
export interface Adaptation {
  leftOut: ReadonlySet<string>;
  mostTokens?: number;
  stream?: boolean;
}

export const UNADAPTED: Adaptation = { leftOut: new Set() };

/** A constraint is refused by what it is, not by the name of our field. */
const CONSTRAINTS = [
  'structured_outputs',
  'guided_regex',
  'guided_json',
  'json_schema',
  'regex',
  'grammar',
  'response_format',
];

/** Fields of ours that a call makes sense without, the constraints among them. */
const ADAPTABLE = [
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'top_p',
  'stop',
  'seed',
  'stream_options',
  ...CONSTRAINTS,
];

/** OpenAI's codes, and how others say the same. */
const REFUSES =
  /unsupported|n[o']t support|not (permitted|allowed|available|compatible|implemented|recognized)|unrecogni[sz]ed|unknown (name|parameter|argument|field|key)|extra (inputs|fields|keys)|additional propert|unexpected (keyword|parameter|argument|field)|cannot (both )?be (specified|used|set)|deprecated|only (the default|\d+(\.\d+)? is allowed)|must be (strictly positive|> ?0|greater than 0)|invalid (argument|temperature)|no such (field|parameter)|cannot find field|does not accept|failed to (parse|compile|initiali[sz]e)|invalid (grammar|regex|regular expression|(json[ _])?schema)/i;
const ABOUT_CONSTRAINT = /grammar|regex|regular expression|structured|guided|schema|response[_ ]format/i;
const STREAM_ONLY =
  /only (supports?|works? (in|with)) (the )?stream|stream(ing)? (mode )?(only|is required|must be (true|enabled|set))|(enable|set|use) the stream|must be set to false for non-streaming/i;
const MOST_TOKENS =
  /max_(?:completion_|new_|output_)?tokens[^.]{0,80}?(?:too large|exceed|must be|should be|less than|at most|maximum|range)[\s\S]{0,160}?(?:at most|less than or equal to|<=|maximum(?: value)?(?: of| is)?|up to|, |\.\.)\s*`?(\d{2,7})\b/i;

/** What to change before the same request is sent again; undefined if nothing helps. */
export function adapted(error: unknown, body: RequestBody, known: Adaptation): Adaptation | undefined {
  if (!(error instanceof EndpointError) || ![400, 404, 422].includes(error.status)) return undefined;
  const { message, code, param } = error.said;
  const text = message || error.body;
  if (body.stream !== true && !known.stream && STREAM_ONLY.test(text)) return { ...known, stream: true };
  const asked = Number(body.max_tokens ?? body.max_completion_tokens);
  const most = Number(MOST_TOKENS.exec(text)?.[1]);
  if (most > 0 && most < asked && !(known.mostTokens! <= most)) return { ...known, mostTokens: most };
  const byCode = code === 'unsupported_parameter' || code === 'unsupported_value';
  const isAbout = (name: string) =>
    param === name || isNamed(text, name) || (CONSTRAINTS.includes(name) && ABOUT_CONSTRAINT.test(text));
  const named = ADAPTABLE.filter((name) => name in body && isAbout(name));
  // Of two parameters that exclude each other the temperature stays.
  const [first] = /both|together/i.test(text) && named.includes('top_p') ? ['top_p'] : named;
  if (first === undefined || !(byCode || REFUSES.test(text))) return undefined;
  const refused = /parameters?:|arguments?:/i.test(text) ? named : [first];
  return { ...known, leftOut: new Set([...known.leftOut, ...refused]) };
}

/** The body without what was refused; the bound on tokens takes its other name. */
export function adaptedBody(body: RequestBody, { leftOut, mostTokens, stream }: Adaptation): RequestBody {
  const kept = { ...body };
  if (mostTokens !== undefined && Number(kept.max_tokens) > mostTokens) kept.max_tokens = mostTokens;
  if (stream) Object.assign(kept, { stream: true, stream_options: { include_usage: true } });
  if (leftOut.has('max_tokens')) kept.max_completion_tokens = kept.max_tokens;
  for (const name of leftOut) delete kept[name];
  return kept;
}

/** As a word of its own: `stop` is not named by `stopped`, nor `regex` by `guided_regex`. */
function isNamed(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'i').test(text);
}
