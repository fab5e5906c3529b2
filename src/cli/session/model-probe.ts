/** What a model can do, found out with a token or a few: chat, completions, constraints. */
import { createModel } from '../../models';
import type { AnswerForm, GenerateRequest, Model } from '../../models/model';
import type { ModelConfig } from '../../models/model-config';
import { constraintOf } from '../../models/server-kind';
import { ollamaNotes } from './ollama-check';

export interface ModelProbe {
  /** In words, for what works. */
  can: string[];
  /** Promises of the configuration that do not hold. */
  problems: string[];
  notes: string[];
}

const LIMIT_MS = 60_000;
const REQUEST: GenerateRequest = {
  prompt: 'Question: 2 + 2?\nAnswer:',
  messages: [{ role: 'user', content: 'What is 2 + 2? Answer with the number alone.' }],
  maxTokens: 1,
  temperature: 0,
};
/** No model writes this tool unless it is held to it. */
const FORM: AnswerForm = { kind: 'action', tools: ['zebra'] };
/** Enough for an action as JSON over several lines, as Ollama's models write it. */
const FORM_TOKENS = 64;

/** In words; a request's prompt and answer share it. */
export const contextOf = (tokens: number) => `a context of ${tokens} tokens`;

/**
 * Asks in the way that the configuration names first; an endpoint in the other way, too.
 *
 * @param once whether the configured way alone is tried
 */
export async function probeModel(config: ModelConfig, once = false): Promise<ModelProbe> {
  const probe: ModelProbe = { can: [], problems: [], notes: [] };
  const { fallback: _, ...own } = config;
  if (own.provider === 'gguf') {
    let context: number | undefined;
    const failure = await attempt({ ...own, thinkingTokens: 0 }, REQUEST, (model) => (context = model.contextTokens));
    if (failure !== undefined) return { ...probe, problems: [failure] };
    probe.can.push('answers in this process', ...(context === undefined ? [] : [contextOf(context)]));
    if (context !== undefined && context < own.contextTokens)
      probe.notes.push(
        `${own.path} was made for ${contextOf(context)}, and contextTokens says ${own.contextTokens}; ${context} are used.`,
      );
    return probe;
  }
  const { api = 'completions' } = own;
  if (once) {
    const failure = await attempt({ ...own, thinkingTokens: 0, constrain: 'off' as const }, REQUEST);
    return failure === undefined ? { ...probe, can: [api] } : { ...probe, problems: [failure] };
  }
  const other = api === 'chat' ? 'completions' : 'chat';
  // No allowance for thinking, and no second request: one token tells that the way works.
  const plain = { ...own, thinkingTokens: 0, constrain: 'off' as const };
  const failure = await attempt(plain, REQUEST);
  const otherFailure = await attempt({ ...plain, api: other }, REQUEST);
  if (failure === undefined) probe.can.push(api);
  if (otherFailure === undefined) probe.can.push(other);
  if (failure !== undefined)
    probe.problems.push(otherFailure === undefined ? `${failure} It answers ${other}; set api: ${other}.` : failure);
  if (failure === undefined && own.constrain !== 'off') await constraints(own, probe);
  if (failure === undefined) probe.notes.push(...(await ollamaNotes(own)));
  return probe;
}

async function constraints(config: ModelConfig & { provider: 'openai' }, probe: ModelProbe): Promise<void> {
  const request = { ...REQUEST, maxTokens: FORM_TOKENS, form: FORM };
  // The first answer tells what serves, the second is held to the form; prose shows that nothing held it.
  const model = await createModel({ ...config, thinkingTokens: 0 });
  try {
    await model.generate(request, { signal: AbortSignal.timeout(LIMIT_MS) });
    const { text } = await model.generate(request, { signal: AbortSignal.timeout(LIMIT_MS) });
    if (/^\s*\[zebra\] \S/.test(text)) probe.can.push('constrained actions');
    else if (config.server && constraintOf({ kind: config.server }, FORM, config.api ?? 'completions'))
      probe.notes.push(
        `server: ${config.server} promises constrained actions, and an answer was not held to the form.`,
      );
  } catch (error) {
    probe.notes.push(`constrained actions could not be tried (${(error as Error).message})`);
  } finally {
    await model.close?.();
  }
}

/** @param onAnswer is given the model once it has answered @returns why it failed */
async function attempt(
  config: ModelConfig,
  request: GenerateRequest,
  onAnswer?: (model: Model) => void,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  try {
    const model = await createModel(config, { timeoutMs: LIMIT_MS });
    try {
      await model.generate(request, { signal });
      onAnswer?.(model);
      return undefined;
    } finally {
      await model.close?.();
    }
  } catch (error) {
    return signal.aborted ? `It gave no token within ${LIMIT_MS / 1000} s.` : (error as Error).message;
  }
}
