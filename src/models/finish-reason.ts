/** Reads the finish reasons of servers: each has words of its own for the same few ends. */
import type { Generation } from './model';

/**
 * The first that fits tells, by the words of OpenAI, TGI (`eos_token`), Mistral (`model_length`), Anthropic (`end_turn`), Google
 * (`SPII`, `IMAGE_SAFETY`), Cohere (`ERROR_TOXIC`), Bedrock (`guardrail_intervened`) and older servers. What is unknown is `other`.
 */
const ENDS: readonly (readonly [Generation['finishReason'], RegExp])[] = [
  ['refusal', /refus/],
  [
    'content-filter',
    /filtered|content_filter|safety|toxic|guardrail|blocklist|prohibited|recitation|sensitive|spii|moderation|policy/,
  ],
  ['tool-calls', /^(?:tool|function)_(?:calls?|use)$/],
  ['length', /length|max.*token|token.*limit|limit.*token|truncat|incomplete|context.*exceeded/],
  ['stop', /^(?:stop.*|eos.*|end|end.?of.?(?:turn|text|sequence)|end_turn|complete[d]?|finished|done)$/],
];

/** @param reason as the server wrote it, in any case; a detail may follow a colon */
export function finishReasonOf(reason: string | null | undefined): Generation['finishReason'] {
  const word = wordOf(reason ?? '');
  return ENDS.find(([, pattern]) => pattern.test(word))?.[0] ?? 'other';
}

/** Whether the server could not finish the answer: routers, GLM, DeepSeek, vLLM (`abort`), Cohere (`ERROR`), gateways. */
export function endedByFault(reason: unknown): boolean {
  return /^(?:error|abort(?:ed)?|cancel(?:l?ed)?|time_?out|time_limit|unavailable|load|unload|failed|interrupted)$|[a-z]_error$|insufficient_system_resource|overload|preempt|deadline|shutdown|^rate_limit/.test(
    wordOf(String(reason)),
  );
}

/** `stopSequence` and `STOP_SEQUENCE` are one word. */
const wordOf = (reason: string) =>
  (reason.split(':', 1)[0] ?? '')
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();
