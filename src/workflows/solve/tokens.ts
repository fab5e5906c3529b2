/** Whether somebody watches the text that models write. */
const asked = { tokens: false };

export function askForTokens(): void {
  asked.tokens = true;
}

/** Field for the input of a call. It is absent if nobody watches, so that such inputs stay as they are. */
export const tokens = (): { tokens?: true } => (asked.tokens ? { tokens: true } : {});
