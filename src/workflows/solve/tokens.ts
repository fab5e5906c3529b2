/** Whether somebody watches the text of models as they write it. */
const asked = { tokens: false };

export function askForTokens(): void {
  asked.tokens = true;
}

/** For the input of a call; nothing where nobody watches, so that the history is as it would be. */
export const tokens = (): { tokens?: true } => (asked.tokens ? { tokens: true } : {});
