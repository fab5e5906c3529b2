/**
 * Texts of people and models in spans: prompts, answers, programs, queries. They are recorded only where an operator asks for them by the
 * variable that OpenTelemetry's own instrumentations read, and never with a secret of this process in them.
 */
import { createRedactor } from '../http/redact';
import { cutMiddle } from '../trajectory/bounded-text';

/** Set to `true` (or `span_only`, `span_and_event`) it records texts. */
const TEXT_SWITCH = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT';

/** Characters of one text in a span. */
const LONGEST = 32_000;
const SECRET_NAME = /(^|_)(KEY|KEYS|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|AUTH)$/i;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Keys of well-known services, whoever wrote them into a question. */
const KEY_SHAPES = /\b(?:sk-|hf_|gh[pousr]_|github_pat_|xox[abprs]-|AKIA)[\w-]{12,}/g;

/** A text as a span may hold it. */
export type SpanText = (text: string) => string;

/**
 * @param config whose strings may name variables that hold secrets
 * @returns undefined where nobody asks for texts
 */
export function spanTexts(config: unknown, env: NodeJS.ProcessEnv = process.env): SpanText | undefined {
  const asked = env[TEXT_SWITCH]?.trim().toLowerCase() ?? '';
  if (!['true', '1', 'span_only', 'span_and_event'].includes(asked)) return undefined;
  const named = new Set(stringsOf(config).filter((text) => VARIABLE.test(text)));
  const secrets = Object.entries(env)
    .filter(([name]) => SECRET_NAME.test(name) || named.has(name))
    .flatMap(([, value = '']) => [value, ...value.split(',').map((part) => part.trim())]);
  const redact = createRedactor(secrets);
  return (text) => cutMiddle(redact(text).replace(KEY_SHAPES, '[secret]'), LONGEST);
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
