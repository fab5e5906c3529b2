/** How long a command waits for a Temporal server: one limit for all of them. */

/** Milliseconds until a server must answer. A loaded host may take many seconds. */
export const ANSWER_LIMIT_MS = 20_000;
/** Milliseconds after which a command says that it waits. */
export const WORD_AFTER_MS = 5000;
