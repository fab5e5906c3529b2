/** Explains why an answer is missing or incomplete, and what to set. */
import type { Generation } from './model';

export interface EndedAnswer {
  text: string;
  finishReason: Generation['finishReason'];
  /** Whether the text ended inside the thinking. */
  unfinished: boolean;
  /** Token limit of each request. */
  maxTokens: readonly number[];
  /** Whether the server sent thinking in a field of its own. */
  thought?: boolean;
  /** The model's refusal. */
  refusal?: string;
  /** Why the server could not read what the model wrote. */
  unread?: string;
  /** The finish reason in the server's word. */
  said?: string;
  /** Whether stop strings were sent to the server. */
  stopSent?: boolean;
}

const THINKING_OFF = 'raise maxTokens of this model, or turn its thinking off (body: of the model, docs/models.md)';

/** A sentence; undefined if the answer is complete. */
export function answerProblem(ended: EndedAnswer): string | undefined {
  const { finishReason, unfinished, thought = false, refusal } = ended;
  const cutAt = `cut at ${ended.maxTokens.join(' and then at ')} tokens`;
  const empty = ended.text.trim() === '';
  if (refusal) return `The model refused to answer: ${refusal}`;
  if (finishReason === 'refusal') return 'The model refused to answer.';
  if (finishReason === 'content-filter')
    return `A content filter of the server ${empty ? 'kept the answer back' : 'cut the answer'}.`;
  if (finishReason === 'length' && /context/i.test(ended.said ?? ''))
    return `The context of the model was full (finish reason ${ended.said}); set contextTokens of this model so that long histories are shortened.`;
  if (finishReason === 'length' && empty && (unfinished || thought))
    return `The answer was ${cutAt} while the model was still thinking, before any text came; ${THINKING_OFF}.`;
  if (finishReason === 'length' && empty) return `The answer was ${cutAt} before any text came; ${THINKING_OFF}.`;
  if (finishReason === 'length') return `The answer was ${cutAt}; raise maxTokens of this model.`;
  if (unfinished) return `The answer ended inside the model's thinking (finish reason ${finishReason}).`;
  if (empty && thought && ended.stopSent)
    return 'The model thought and then gave no answer; a stop string may have ended it inside its thinking. Turn thinking off (body: of the model), or let the server split it off (a reasoning parser).';
  if (empty && ended.unread !== undefined) return `The server could not read what the model wrote: ${ended.unread}`;
  if (empty && thought && finishReason === 'stop')
    return "The model gave an empty answer beside its thinking. If its thinking is off, the server's reasoning parser takes the answer for thinking: start the server without the parser.";
  const odd = finishReason === 'other' && ended.said ? ended.said.slice(0, 80) : undefined;
  if (empty) return `The model gave an empty answer${odd ? ` (finish reason ${odd})` : ''}.`;
  if (odd && /repet|loop/i.test(odd)) return `The server ended the answer (finish reason ${odd}).`;
  return undefined;
}
