/**
 * Parameters that a model refuses: reasoning models take `max_completion_tokens` in the place of `max_tokens`, one temperature, and no
 * stop strings; vendors lack `seed` or constraints; some answer streams alone, others never. The refusal names the parameter, so a
 * model's first call finds out and later calls know.
 */
import { pause } from '../process/abort';
import type { AnswerForm } from './answer-form';
import { isDoubtful } from './classify-failure';
import { CutStreamError, EmptyStreamError, EndpointError } from './endpoint-post';
import { isContextLength, isInvalidRequest } from './server-wordings';

export type RequestBody = Record<string, unknown>;

type Post = (body: RequestBody, signal?: AbortSignal, onChunk?: (chunk: Uint8Array) => void) => Promise<unknown>;

/** Goes on without the parameter, with another name, with a smaller value, or as a stream. */
interface Adaptation {
  leftOut: ReadonlySet<string>;
  mostTokens?: number;
  stream?: boolean;
}

/** A constraint is refused by what it is, not by the name of our field. */
const CONSTRAINTS: readonly string[] = [
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
  // Last, because a refusal of another field may speak of streams.
  'stream',
];

/** The same field in the words of other APIs, which proxies pass on. */
const OTHER_NAMES: Record<string, string> = {
  max_completion_tokens: 'max_?(?:completion_?|output_?|new_?)?tokens',
  max_tokens: 'max_?(?:completion_?|output_?|new_?)?tokens',
  stop: 'stop(?:_?(?:sequences?|strings?|words?))?',
  top_p: 'top_?p',
  seed: '(?:random_?)?seed',
  stream: 'stream(?:ing)?',
};

/** OpenAI's codes, and how others say the same. */
const REFUSES =
  /unsupported|n[o']t support|not (permitted|allowed|available|compatible|implemented|recognized|enabled|set ?up)|unrecogni[sz]ed|unknown (name|parameter|argument|field|key)|extra (inputs|fields|keys)|additional propert|input should be|unexpected (keyword|parameter|argument|field)|cannot (both )?be (specified|used|set)|deprecated|only (the default|\d+(\.\d+)? is allowed)|(must|should|has to|have to) (be|contain)|\brange\b|too (many|long|large|small)|invalid|no such (field|parameter)|cannot find field|does not accept|failed to (parse|compile|initiali[sz]e)|unable to generate parser|may only be|不支持|参数.{0,12}(非法|错误|无效)|(非法|错误|无效)的?参数/i;
const ABOUT_CONSTRAINT = /grammar|regex|regular expression|structured|guided|schema|response[_ ]format/i;
const STREAM_ONLY =
  /only (supports?|works? (in|with)) (the )?stream|stream(ing)? (mode )?(only|is required|must be (true|enabled|set))|(enable|set|use) the stream|must be set to false for non-streaming/i;
const ABOUT_TOKENS = /max_?\w*tokens|(maximum|output|completion|new) tokens/i;
const BOUNDED = /too large|exceed|must be|should be|less than|lower than|at most|maximum|range|up to|only supports|>/i;
/** A number by itself: not part of a name such as `claude-3-5-sonnet-20241022`. */
const NUMBER = /(?<![\w.-])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?![\w-]|\.\d)( \(exclusive\))?/g;
/** A bound below it is no bound but another number of the message. */
const LEAST_BOUND = 16;

/** The value that a refusal says it got. */
const GOT = /\b(?:got|received|given|provided|value ?[=:])[ :=]*['"`]?(-?\d+(?:\.\d+)?)(?![\w.]*\w)/gi;

/**
 * Whether a refusal speaks of another value than we sent: the server worked it out itself, such as the room that a prompt leaves, so the field
 * is not at fault.
 */
function isOfAnotherValue(text: string, sent: unknown): boolean {
  if (typeof sent !== 'number') return false;
  const got = [...text.matchAll(GOT)].map(([, value]) => Number(value));
  // Servers tell numbers of 32 bits with all their digits.
  return got.length > 0 && got.every((value) => Math.abs(value - sent) > 1e-6 * Math.max(1, Math.abs(sent)));
}

/** The most tokens that a refusal names: the largest number below what was asked for. Undefined if it is about something else. */
function mostTokensOf(text: string, asked: number): number | undefined {
  if (!ABOUT_TOKENS.test(text) || !BOUNDED.test(text)) return undefined;
  const named = [...text.matchAll(NUMBER)].map(({ 0: number, 1: exclusive, index }) => {
    const isBeyond = exclusive !== undefined || /(?:less|lower|smaller) than *$/i.test(text.slice(0, index));
    return Number.parseInt(number.replaceAll(',', ''), 10) - (isBeyond ? 1 : 0);
  });
  const most = Math.max(...named.filter((number) => number < asked));
  return most >= LEAST_BOUND ? most : undefined;
}

/** What to change before the same request is sent again; undefined if nothing helps. */
function adapted(error: unknown, body: RequestBody, known: Adaptation): Adaptation | undefined {
  if (!(error instanceof EndpointError)) return undefined;
  const { message, code, param } = error.said;
  // What Groq proposes instead is not what it refuses.
  const text = (message || error.body).replace(/\bdid you mean\b[^?]*/gi, '');
  if (![400, 404, 422].includes(error.status) && !(error.status === 500 && isInvalidRequest(text))) return undefined;
  if (body.stream !== true && !known.stream && STREAM_ONLY.test(text)) return { ...known, stream: true };
  // Prompt and answer together are too long: no field is at fault. A bound of the answer alone may speak of tokens that exceed it.
  if (isContextLength(text.replace(/\b(maximum|output|completion|new) tokens\b/gi, ''))) return undefined;
  const asked = Number(body.max_tokens ?? body.max_completion_tokens);
  const most = mostTokensOf(text, asked);
  if (most !== undefined && !(known.mostTokens! <= most)) return { ...known, mostTokens: most };
  const byCode = code === 'unsupported_parameter' || code === 'unsupported_value';
  const isAbout = (name: string) =>
    param === name || isNamed(text, name) || (CONSTRAINTS.includes(name) && ABOUT_CONSTRAINT.test(text));
  const named = ADAPTABLE.filter((name) => name in body && isAbout(name) && !isOfAnotherValue(text, body[name]));
  // Of two parameters that exclude each other the temperature stays.
  const [first] = /both|together/i.test(text) && named.includes('top_p') ? ['top_p'] : named;
  if (first === undefined || !(byCode || REFUSES.test(text))) return undefined;
  const refused = /parameters?:|arguments?:/i.test(text) ? named : [first];
  return { ...known, leftOut: new Set([...known.leftOut, ...refused]) };
}

/** The body without what was refused; the bound on tokens takes its other name. */
function adaptedBody(body: RequestBody, { leftOut, mostTokens, stream }: Adaptation): RequestBody {
  const kept = { ...body };
  if (mostTokens !== undefined && Number(kept.max_tokens) > mostTokens) kept.max_tokens = mostTokens;
  if (stream) Object.assign(kept, { stream: true, stream_options: { include_usage: true } });
  if (leftOut.has('max_tokens')) kept.max_completion_tokens = kept.max_tokens;
  for (const name of leftOut) delete kept[name];
  if (kept.stream === undefined) delete kept.stream_options;
  return kept;
}

/** As a word of its own: `stop` is not named by `stopped`, nor `regex` by `guided_regex`. */
function isNamed(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w-])${OTHER_NAMES[name] ?? name}(?![\\w-])`, 'i').test(text);
}

/** Of two calls that learnt at the same time. */
function together(one: Adaptation, other: Adaptation): Adaptation {
  const most = Math.min(one.mostTokens ?? Infinity, other.mostTokens ?? Infinity);
  return {
    leftOut: new Set([...one.leftOut, ...other.leftOut]),
    ...(most === Infinity ? {} : { mostTokens: most }),
    stream: one.stream ?? other.stream,
  };
}

interface Call {
  form: AnswerForm | undefined;
  signal: AbortSignal | undefined;
  onChunk?: ((chunk: Uint8Array) => void) | undefined;
  /** How often the request was sent again as it was. */
  again?: number;
}

/** Milliseconds before a request is sent again whose rejection may pass by itself. After the last it counts as rejected. */
const AGAIN_AFTER = [1000, 4000] as const;

/**
 * Posts to one model, and again where a refusal says how the same request can be made.
 *
 * @param omit fields that are left out from the beginning
 */
export function createAdaptingPost(post: Post, omit: readonly string[]) {
  let known: Adaptation = { leftOut: new Set(omit) };
  /** A schema of one tool that the server cannot take tells nothing of the other constraints. */
  const refusedSchemas = new Set<string>();

  const send = (
    body: RequestBody,
    form: AnswerForm | undefined,
    signal: AbortSignal | undefined,
    onChunk?: (chunk: Uint8Array) => void,
  ): Promise<unknown> => sendAdapted(body, known, { form, signal, onChunk });

  /** What a refusal teaches is tried first, and known once a request has succeeded by it. */
  async function sendAdapted(body: RequestBody, tried: Adaptation, call: Call): Promise<unknown> {
    const { form, signal, onChunk } = call;
    const sent = adaptedBody(body, tried);
    try {
      const answered = await post(sent, signal, onChunk);
      if (tried !== known) known = together(known, tried);
      return answered;
    } catch (error) {
      signal?.throwIfAborted();
      // llama-cpp-python says why it refuses a request only to those who ask for no stream, and gateways fail at streams alone.
      if (failsAsStream(error) && onChunk && !tried.stream && body.stream === true)
        return sendAdapted(without(body, ['stream', 'stream_options']), tried, { ...call, onChunk: undefined });
      const next = adapted(error, sent, tried);
      if (next === undefined) {
        const { again = 0 } = call;
        const wait = error instanceof EndpointError && isDoubtful(error) ? AGAIN_AFTER[again] : undefined;
        if (wait === undefined) throw error;
        await pause(wait, signal);
        return sendAdapted(body, tried, { ...call, again: again + 1 });
      }
      const refused = [...next.leftOut].filter((name) => !tried.leftOut.has(name));
      if (form?.kind === 'json' && refused.length > 0 && refused.every((name) => CONSTRAINTS.includes(name))) {
        const answered = await sendAdapted(without(body, refused), tried, call);
        refusedSchemas.add(JSON.stringify(form.schema));
        return answered;
      }
      return sendAdapted(body, next, call);
    }
  }

  /** Whether the server may be held to this form. */
  const takes = (form: AnswerForm) => form.kind !== 'json' || !refusedSchemas.has(JSON.stringify(form.schema));
  return { send, takes };
}

const failsAsStream = (error: unknown) =>
  error instanceof EmptyStreamError ||
  error instanceof CutStreamError ||
  (error instanceof EndpointError && error.status === 500);

function without(body: RequestBody, names: readonly string[]): RequestBody {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
