/** Evaluates any program that reads the question from standard input and prints its answer. */
import { spawn } from 'node:child_process';
import { signalGroup } from '../process/process-group';
import { createFailure } from '../failures';
import type { DirectAnswer } from '../contract/evaluation';
import { parseAnswer } from '../trajectory/parse-action';

/** A program under evaluation, and its whole environment. */
export interface ProgramUnderEvaluation {
  /** Shell command: reads a question from standard input and prints an answer. */
  command: string;
  env: Readonly<Record<string, string>>;
}

/** Variables that programs need; none holds a model's key. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** @param names further variables to pass on; unset ones are left out */
export function programEnvironment(names: readonly string[], from = process.env): Record<string, string> {
  return Object.fromEntries(
    [...PASSED_ON, ...names].flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
  );
}

/** Characters of output that are read. */
const MAX_OUTPUT = 100_000;
/** What loggers write to standard output beside the answer: `[INFO] done`, `INFO:root:done`, `2026-11-28 03:42:01,123 - x - INFO - done`. */
const LOGGED = /^\s*(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*?\b|\[?)(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR)\b/;

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE_MS = 2000;

/**
 * @param program run by the shell in its own process group, so that its children end with it
 * @returns the answer after the last `The answer is`, else the last line printed; lines of a log do not count
 * @throws SystemFailed when the program cannot be run or exits with another status than 0; the signal's reason when it was aborted
 */
export function answerByCommand(
  { command, env }: ProgramUnderEvaluation,
  question: string,
  signal: AbortSignal,
): Promise<DirectAnswer> {
  const startedAt = Date.now();
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(command, { shell: true, detached: true, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const end = () => {
      signalGroup(child.pid, 'SIGTERM');
      setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS).unref();
      reject(signal.reason);
    };
    signal.addEventListener('abort', end, { once: true });
    let text = '';
    let complaint = '';
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${question}\n`);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (text.length < MAX_OUTPUT) text += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint = (complaint + chunk).slice(-500)));
    child.once('error', (error) => reject(error));
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      if (code !== 0)
        return reject(
          createFailure('SystemFailed', `The command ended with status ${code}: ${complaint.trim() || 'no message'}.`),
        );
      const lines = text.split('\n').filter((line) => !LOGGED.test(line));
      const said = lines.join('\n').trim();
      const lastLine = (said || text.trim()).split('\n').at(-1) ?? '';
      resolve({
        answer: parseAnswer(said.includes('The answer is') ? said : lastLine),
        text: text.slice(0, MAX_OUTPUT),
        model: command,
        usage: { calls: 1, inputTokens: 0, outputTokens: 0 },
        durationMs: Date.now() - startedAt,
      });
    });
  });
}
