/** Reads the error message of a server, in the many forms that servers use. */
import { oneLine } from '../trajectory/bounded-text';
import { isJsonObject as isObject, parseJson } from '../trajectory/json-object';

export interface SaidError {
  /** Empty if there is no message. */
  message: string;
  code?: string;
  type?: string;
  param?: string;
}

/**
 * Members that hold the message or the object with it, in order of preference: `{ error: { message } }`, `{ error: text }`, `{ detail }`, ...
 * `header` and `Response` are those of Spark and Tencent.
 */
const WORDS = `error errors message detail error_message error_msg status_msg base_resp errorMessage msg fault
    faultstring errmsg Error Message header Response exception description title`.split(/\s+/);

/** @param text the body as it came */
export function saidError(text: string): SaidError {
  const body = parseJson(text);
  if (body === undefined) return { message: isWebPage(text) ? pageTitle(text) : text.trim() };
  const named = findParts(body);
  return { message: wordsOf(body, 0), ...named };
}

/** Whether a member for an error tells of one. Beside answers gateways write `false`, an empty text or an empty object. */
export function tellsError(error: unknown): boolean {
  if (typeof error === 'object' && error !== null) return Object.keys(error).length > 0;
  return error !== undefined && error !== null && error !== false && error !== '';
}

/** Whether a body is an HTML page, such as of a proxy, a login or a load balancer. */
export function isWebPage(text: string): boolean {
  return /^\s*<(?:!doctype html|html|head|body|\?xml[^>]*>\s*<(?:!doctype )?html)/i.test(text);
}

/** Cloudflare refuses programs without a page, too. */
const BLOCKED = /^\s*error code: 1\d{3}\s*$|"cloudflare_error"\s*:\s*true/i;

/** Whether 403 came from something in front of a server, such as a firewall, which has not looked at the key. */
export function isBlocked(status: number, text: string): boolean {
  return status === 403 && (isWebPage(text) || BLOCKED.test(text));
}

export function pageTitle(text: string): string {
  const [, title] = /<title[^>]*>([^<]*)<\/title>/i.exec(text) ?? /<h1[^>]*>([^<]*)<\/h1>/i.exec(text) ?? [];
  const plain = title ?? text.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return oneLine(plain, 200);
}

function wordsOf(value: unknown, depth: number): string {
  if (typeof value === 'string') {
    // Routers put the provider's own body, as JSON, into the message.
    const inner = depth < 4 && /^\s*[{[]/.test(value) ? parseJson(value) : undefined;
    return inner === undefined ? value.trim() : wordsOf(inner, depth + 1) || value.trim();
  }
  if (depth > 5) return '';
  if (Array.isArray(value)) return wordsOfList(value, depth);
  if (!isObject(value)) return '';
  // FastAPI: where in the request it was, and what was wrong.
  if (typeof value.msg === 'string' && Array.isArray(value.loc)) return `${value.loc.join('.')}: ${value.msg}`;
  const own = WORDS.map((name) => wordsOf(value[name], depth + 1)).find((words) => words !== '') ?? '';
  // OpenRouter: the provider's words beside "Provider returned error".
  const raw = isObject(value.metadata) ? wordsOf(value.metadata.raw, depth + 1) : '';
  return raw !== '' && raw !== own ? [own, raw].filter(Boolean).join(': ') : own;
}

function wordsOfList(values: readonly unknown[], depth: number): string {
  const words = values.slice(0, 5).map((one) => wordsOf(one, depth + 1));
  return words.filter((one) => one !== '').join('; ');
}

/** `code`, `type` and `param` of the innermost object that has the words. */
function findParts(body: unknown): Omit<SaidError, 'message'> {
  let parts: unknown = Array.isArray(body) ? body[0] : body;
  const found: Omit<SaidError, 'message'> = {};
  for (let depth = 0; depth < 4 && isObject(parts); depth += 1) {
    const { type, param, status, error_type: otherType } = parts;
    const code = [parts.code, parts.statusCode, parts.status, parts.error_code].find(
      (value, at) => (typeof value === 'string' && at < 2) || typeof value === 'number',
    );
    if (code !== undefined) found.code = String(code);
    if (typeof (type ?? otherType ?? status) === 'string') found.type = String(type ?? otherType ?? status);
    if (typeof param === 'string') found.param = param;
    parts = [
      parts.error,
      parts.detail,
      parts.base_resp,
      Array.isArray(parts.errors) ? parts.errors[0] : undefined,
    ].find(isObject);
  }
  return found;
}
