/** Recognizes failures by the servers' words, where the status is not enough: too long a prompt, no money, a wrong key, a loading model. */

import type { SaidError } from '../http/error-body';
import { isRefusedKey } from '../http/refusal-wordings';

/** What is too long, and by what words: both in one sentence say that a prompt does not fit, whatever the server. */
const PROMPT =
  /(?<![\w'"`.])(?:prompt|inputs?|context|tokens?|messages?|sequence|conversation|max_seq_len|session_len|payload|request body)(?![\w'"`])/i;
const TOO_LONG =
  /exceed|overflow|too (?:long|large|big)|too many (?:input |prompt |context )?tokens|(?:greater|longer|larger|more|bigger) than|(?:must|should|has to) be (?:less|smaller|shorter)|only supports/i;
const SIZE = /token|length|context|long|large|max|window|size|limit|character|budget/i;
/** FastAPI's validation begins so, whatever the field. */
const VALIDATION = /^\W*(?:[\w.]+: )?Input should be/i;

/** Wordings and codes that say it otherwise. Comments name the servers. */
const CONTEXT_LENGTH = [
  // OpenAI, vLLM, OpenRouter, SGLang, Mistral, DeepSeek, GitHub Models, Anthropic, llama.cpp.
  /(context|string|token|model)[ _](length|window|limit)[ _](has been )?(exceeded|above_max)/i,
  /string_above_max_length|tokens_limit_reached|request_too_large|exceed_context_size|model_context_window_exceeded|prompt_too_long/i,
  /maximum (context|prompt|sequence|input) length is \d/i,
  // vLLM: the context less the prompt, where it is nothing.
  /max_?\w*tokens['"`]? must be (?:at least|greater than|positive|>)[^]{0,40}?(?:\bgot|\breceived|\bvalue)\W{0,3}(?:0(?!\.?\d)|-\d)/i,
  // LM Studio.
  /\(\d+\) >= n_ctx/,
  /(does not|doesn't) fit (in|into) the (model's )?context/i,
  // llamafile.
  /\bout_of_context(?!\w)|out_of_context_due/i,
  /context shift is disabled/i,
  // Bedrock, also as JSON within a gateway's message.
  /input is too long/i,
  // TGI.
  /`?inputs`? (tokens \+ `?max_new_tokens`? )?must (be|have less)/i,
  // Groq, Cerebras.
  /reduce the length of (the|your) (messages|prompt|input|completion)/i,
  // Together, TensorRT-LLM.
  /tokens? \(?\d*\)? ?\+ `?max_(new_)?tokens`?[^.]{0,40}(exceed|must)/i,
  /max_seq_len[^.]{0,20} - prompt_len/i,
  // DashScope, MiniMax, Baidu, Zhipu.
  /range of input length should be/i,
  /model context window is \d+/i,
  /max input (characters|tokens|length) is/i,
  /超长|过长|(超过|超出)[^。]{0,12}(最大|上限|长度|限制)/,
];

/** A limit per time is not about a prompt's length. */
const BY_TIME = /per (minute|hour|day|second)|\b[TR]PM\b|\b[TR]PD\b|rate[ _]limit|please wait/i;

/** Whether a text says that a prompt does not fit the model. */
export function isContextLength(text: string): boolean {
  if (BY_TIME.test(text)) return false;
  if (CONTEXT_LENGTH.some((wording) => wording.test(text))) return true;
  const sentences = text.slice(0, 4000).split(/[.!?;](?=\s|$)|\n/);
  return sentences.some(
    (one) => PROMPT.test(one) && TOO_LONG.test(one) && SIZE.test(one) && !VALIDATION.test(one.trim()),
  );
}

/**
 * Whether llama-server ran out of its cache in the middle of an answer. All requests that it works on share its context (`-c`), so each may
 * fit by itself; one that does not is refused with other words before it begins.
 */
export const isFullCache = (status: number, text: string): boolean =>
  status === 500 && /^context size has been exceeded/i.test(text);

/** Whether one request is larger than all that may be sent in a minute: no wait makes it fit (OpenAI, Groq). */
export function exceedsRateByItself(text: string): boolean {
  const [, limit, requested] =
    /\blimit:? (\d+)\b[^]{0,80}?\brequested:? (\d+)\b/i.exec(text.replace(/(\d),(?=\d{3})/g, '$1')) ?? [];
  return Number(requested) > Number(limit);
}

/** Whether the quota is nothing at all; the time to wait that stands beside it is then of no use (Google). */
export function isNoQuota(text: string): boolean {
  return /quota[^]{0,400}\blimit: 0\b/i.test(text);
}

/**
 * Whether a gateway serves a model by nobody. One API and New API answer 503 for every name that they do not have, and say the same while
 * somebody has turned off all that serve it.
 */
export function isServedByNobody(text: string): boolean {
  return /无可用渠道|^model_not_found$|no available (channels?|accounts?)\b[^.]{0,60}\bmodel\b/i.test(text);
}

/** Whether a server does not have the model: DeepSeek, Mistral, DashScope, Groq, transformers serve and gateways answer 400 or 200. */
export function isUnknownModel(text: string): boolean {
  return /no such model|(unknown|invalid|unsupported)[ _]model\b|model_not_supported|not a valid model|requested model\b[^.]{0,80} is not supported|supported (api )?model names|(could not find|unable to access) (\S+ )?model|no router for|server is pinned to|model(?:[^.]|\.\S){0,80}((does|do|is|was) not (exist|found|available)|doesn't exist|not[ _](exist|found)|decommissioned|no longer (supported|available)|has been (removed|retired|deprecated))|(model_)?not_found(_error)?\b/i.test(
    text,
  );
}

/** Whether somebody has turned the model off (LocalAI answers 403). */
export const isTurnedOff = (text: string): boolean => /\bmodel\b.{0,80}\bis disabled\b/i.test(text);

/** Whether a server says that it lacks the model by naming those that it has, whatever the status: mistral.rs answers 500. */
export const isUnlisted = (text: string): boolean =>
  isUnknownModel(text) && /\b(available|loaded|served) models?:/i.test(text);

/** Whether a server still loads its model: llama.cpp, TGI, Hugging Face, Ollama, LM Studio, SageMaker, Bedrock. */
export function isLoading(text: string): boolean {
  return /loading model|model (?:[^.]|\.\S){0,60}(is |currently |still )*((down)?loading|being (down|re)?loaded|starting|warming up|scaling up)|model (is |was )?(un|re)loaded|endpoint is (scaling|starting)|warming up|not (yet )?ready|unavailable_error|no models? (is |are )?(currently )?loaded|^\W*channel error\b|scaled to zero|waking up|is sleeping|cold start/i.test(
    text,
  );
}

/** Whether a server has no model at the moment, though its status says that there is none of that name (LM Studio). */
export const isNothingLoaded = (text: string): boolean => /\bno models? (is |are )?(currently )?loaded/i.test(text);

/**
 * Whether a server tried to load the model and could not: for want of memory, or because the file is none that it knows. The same request
 * would fail again (Ollama and llama-server with 500, LM Studio with 400).
 */
export function isUnloadable(text: string): boolean {
  return /requires more (\w+ )?memory|insufficient system resources|insufficient memory - required|failed to allocate memory for model|memory layout cannot be allocated|out-of-memory during startup|(llama-server|runner) process has terminated:[^]*(out of (device )?memory|failed to allocate|allocation failed|not enough memory)|(unable to load|could not load) (full )?model|error loading model|failed to (re)?load model|\bmodel\b[^\n]{0,200} failed to load\b|unknown model architecture/i.test(
    text,
  );
}

/** Whether a gateway did not reach the server behind it: LiteLLM, Xinference, LocalAI and other programs in Go. */
export function isUnreached(text: string): boolean {
  return /\bconnection error\b|connection (was )?(refused|reset)|ECONNREFUSED|cannot connect to host|failed to connect|no route to host|no such host|name or service not known/i.test(
    text,
  );
}

/** Whether a rejection passes by itself, though its status says otherwise: LiteLLM, Bedrock or Cloudflare as a gateway, LM Studio after a crash. */
export function isPassing(text: string): boolean {
  return /try(ing)? again (in|after|later)|retry (in|after|later)|please (re)?try\b(?! (again )?with\b)|failed to get response from provider|degraded function|throttl|temporar(y|ily)|too many requests|rate[ _-]?limit|overloaded|at capacity|queue is full|(server|service) (is )?busy|(has|model|worker|engine|process) crashed|upstream (connect )?error/i.test(
    text,
  );
}

const FAULT_KIND =
  /^(?:internal_?(?:server_?)?error|server_?error|upstream_?error|service_?unavailable(?:_?error)?|bad_?gateway|gateway_?timeout)$/i;
const FAULT =
  /no models provided|(?:could not parse|failed to read|unable to read) the (?:JSON |request )*body|request body is not valid JSON|had an error while processing your request|upstream (?:request|service|server|provider) (?:timed? ?out|failed|error|unavailable)|\b(?:internal_)?server_error\b|internal (?:server )?error/i;

/**
 * Whether an error is the server's own by its code, type or words, though its status may blame the request: what we send is JSON, so a body
 * that could not be read was cut on its way (Anthropic, OpenAI); OpenRouter, Envoy, gateways before Azure and Vertex.
 */
export const isServerFault = ({ code = '', type = '', message }: SaidError): boolean =>
  (Number(code) >= 500 && Number(code) < 600) || FAULT_KIND.test(type) || FAULT_KIND.test(code) || FAULT.test(message);

/**
 * Whether a filter of the server disliked prompt or answer: that is how an answer ended, not a fault of the configuration. Azure, OpenAI,
 * Anthropic, LiteLLM, DeepSeek, xAI and OpenRouter (with 403), DashScope, Moonshot, Volcengine, Bedrock's guardrails, MiniMax, Zhipu.
 */
export function isFiltered(text: string): boolean {
  return /content[ _-]?filter|content[ _]?policy|content management policy|ResponsibleAIPolicyViolation|data_?inspection_?failed|safety[ _](filter|system|check)|blocked\b[^.]{0,30}\bsafety\b|content exists risk|considered high risk|sensitive[ _]?(content|information|words?)|violat\w+ (our |the )?(usage|content|safety) (guidelines|polic)|(prompt|input|output|message|content|request|response)s?\b[^.]{0,40}\bflagged\b|guardrail[^]{0,80}\b(blocked|violat|interven)|prohibited_content|new_sensitive|敏感内容|内容审核/i.test(
    text,
  );
}

/** Names of AWS's exceptions, which gateways to Bedrock tell with another status. */
const AWS_EXCEPTIONS: Record<string, number> = {
  AccessDeniedException: 403,
  UnrecognizedClientException: 401,
  ExpiredTokenException: 401,
  InvalidSignatureException: 401,
  ResourceNotFoundException: 404,
  ValidationException: 400,
  ThrottlingException: 429,
};

/** The status of the server behind a gateway that answers 500 whatever happened: in the words of OpenAI's client, of LiteLLM, of AWS's. */
export function statusBehind(text: string): number | undefined {
  const [, exception = ''] = /\berror occurred \((\w+)\)/i.exec(text) ?? [];
  const [, named] = /\bError code: (4\d\d)\b|"?\bhttp_code"?\s*[:=]\s*"?(4\d\d)\b/i.exec(text)?.filter(Boolean) ?? [];
  return AWS_EXCEPTIONS[exception] ?? (named === undefined ? undefined : Number(named));
}

/** Whether a tunnel has nothing behind it: the program may come back (ngrok answers 404). */
export const isOffline = (text: string): boolean => /\bERR_NGROK_3200\b|endpoint \S+ is offline/i.test(text);

/** The status that an error without one means, by its type, code and words; undefined where they tell nothing. */
export function statusMeant(text: string): number | undefined {
  if (isRefusedKey(text)) return 401;
  if (isUnknownModel(text) || /unexpected endpoint|no such (route|endpoint)/i.test(text)) return 404;
  if (isFiltered(text)) return 400;
  if (/overloaded_error/i.test(text)) return 529;
  if (/rate[ _-]?limit|too many requests|\bqps\b/i.test(text)) return 429;
  return /invalid_request|invalid_parameter|bad request/i.test(text) ? 400 : undefined;
}

/**
 * Whether a server's own validation or its chat template refused the request's body, whatever the status: llama-cpp-python, Ollama and
 * llama.cpp answer 500.
 */
export function isInvalidRequest(text: string): boolean {
  return /\bjinja\b|raise_exception|\bat row \d+, column \d+|^invalid (JSON schema in )?format\b|\bvalidation errors?\b[^]{0,300}\bloc['"]?: ?[([]['"]body['"]/i.test(
    text,
  );
}
