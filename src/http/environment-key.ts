/** Keys in environment variables. */

/** Why a variable holds no key that can be sent, to follow the variable's name. */
export interface NoKey {
  problem: string;
}

/**
 * The key that a variable holds, without blanks around it: mounted secrets and files of variables keep the end of a line.
 *
 * @returns the key; or a problem when it is not set, has quotes around it, or holds a character that no header may have. Such a key would
 *   fail as if the server could not be reached
 */
export function environmentKey(variable: string, env: NodeJS.ProcessEnv): string | NoKey {
  const key = env[variable]?.trim();
  if (!key) return { problem: 'is not set' };
  if (/^(["'`]).*\1$/s.test(key)) return { problem: 'has quotes around its value' };
  if (/[^\x20-\x7e]/.test(key))
    return { problem: 'holds a character that no key has, such as the end of a line or a letter with an accent' };
  return key;
}
