/** Recognizes failures by the servers' words, where the status is not enough: too long a prompt, no money, a wrong key, a loading model. */

/** Comments name the servers that use the words. */
const CONTEXT_LENGTH = [
  // OpenAI, vLLM, OpenRouter, SGLang, Mistral, DeepSeek.
  /(context|string|token|model)[ _](length|window|limit)[ _](has been )?(exceeded|above_max)/i,
  /string_above_max_length/i,
  /maximum (allowed |input |context |model |prompt |sequence |model token )?(length|context|token limit)/i,
  /exceed(s|ed|ing)? (the |this |your |its )?(maximum |max |available |model'?s? |model's maximum |supported |allowed )*(context|prompt|input|sequence|token limit|token count|number of (input )?tokens)/i,
  // llama.cpp, llama-cpp-python, Ollama, LM Studio.
  /exceed_context_size/i,
  /context size has been exceeded/i,
  /exceeds? context/i,
  /(greater|longer|larger|more|bigger) than (the )?(model'?s? )?(available |maximum |max )?(context|sequence|input)/i,
  /tokens to keep from the initial prompt/i,
  /does not fit (in|into) the (model's )?context/i,
  // vLLM's engine, SGLang.
  /too long to fit into the model/i,
  /longer than the (maximum model length|model's context)/i,
  // TGI.
  /`?inputs`? (tokens \+ `?max_new_tokens`? )?must (be|have less)/i,
  // Anthropic, Bedrock, Ollama, MiniMax, Groq.
  /(prompt|input|request|message|messages|content|context)( is| are)? too (long|large)/i,
  /(context window|context length|input length|prompt length|token count)[^.]{0,60}exceed/i,
  /reduce the length of (the|your) (messages|prompt|input|completion)/i,
  // Google, GitHub Copilot.
  /token count[^.]{0,40}exceeds/i,
  // Moonshot, Together.
  /exceeded model token limit/i,
  /tokens? \(?\d*\)? ?\+ `?max_(new_)?tokens`?[^.]{0,40}(exceed|must)/i,
  // DashScope.
  /range of input length should be/i,
  /model context window is \d+/i,
  /model_context_window_exceeded/i,
  /request_too_large/i,
];

/** A limit per time is not about a prompt's length. */
const BY_TIME = /per (minute|hour|day|second)|\b[TR]PM\b|\b[TR]PD\b|rate[ _]limit|please wait/i;

/** Whether a text says that a prompt does not fit the model. */
export function isContextLength(text: string): boolean {
  return !BY_TIME.test(text) && CONTEXT_LENGTH.some((wording) => wording.test(text));
}

const OUT_OF_MONEY =
  /insufficient[ _](quota|balance|funds|credits?)|exceeded your (current|monthly) quota|credit balance is too low|billing[ _](hard[ _]limit|not[ _]active)|(out of|no|not enough|more) credits|account[^.]{0,30}(arrears|suspended|deactivated|not active)|payment required|spending limit|top up/i;

/** Whether an account has no money or quota left, so that waiting does not help. */
export function isOutOfMoney(text: string): boolean {
  return OUT_OF_MONEY.test(text);
}

/** Whether a rejection is about the key (Google, xAI answer 400). */
export function isRefusedKey(text: string): boolean {
  return /api[ _-]?key (not valid|is invalid|expired|not found)|(incorrect|invalid|missing|expired) api[ _-]?key|API_KEY_INVALID|invalid[ _]authentication/i.test(
    text,
  );
}

/** Whether a server still loads its model: llama.cpp, TGI, Hugging Face, Ollama, LM Studio. */
export function isLoading(text: string): boolean {
  return /loading model|model [^.]{0,60}(is |currently |still )*(loading|being loaded|starting|warming up)|warming up|not (yet )?ready|unavailable_error|cold start/i.test(
    text,
  );
}
