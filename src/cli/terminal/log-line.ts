/** Lines on standard error as objects, one a line, where HUSKY_LOG_FORMAT=json asks for them. */

export const isJsonAsked = (env: NodeJS.ProcessEnv = process.env): boolean => env.HUSKY_LOG_FORMAT?.trim() === 'json';

/** `time`, `level`, `message`, and what the line is about. */
export function logLine(level: string, message: string, meta: object = {}, time = new Date()): string {
  return `${JSON.stringify({ time: time.toISOString(), level, message, ...meta }, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
  })}\n`;
}
