/**
 * The test kit: scripted models, search and sandbox, with which a workflow that calls Husky is tested without a model.
 *
 * @module
 *
 * @example
 * ```ts
 * const script = scriptSolutions([
 *   {
 *     question: 'How many legs do three spiders have?',
 *     steps: [{ tool: 'code', step: 'Multiply 3 by 8.', code: 'console.log(3 * 8)', observation: '24', output: 'Three spiders have 24 legs.' }],
 *     answer: '24',
 *   },
 * ]);
 * const worker = await Worker.create({ ..., plugins: [new HuskyPlugin(testConfig(), script.parts)] });
 * ```
 */
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { pause } from './process/abort';
import type { HuskyConfigInput } from './config';
import { createFailure } from './failures';
import type { Model } from './models/model';
import type { ContextParts } from './runtime/open-context';
import type { RunResult, Sandbox } from './sandbox/sandbox';
import type { SearchEngine } from './search/search-engine';
import type { Expert } from './trajectory/modules';
import type { TrajectoryStep } from './trajectory/trajectory';

export interface ScriptedStep extends TrajectoryStep {
  /** For `code`: what the program says when it fails, each time it is run. */
  programError?: string;
}

export interface ScriptedSolution {
  /** Text of the question, or the part of it that all questions of this solution share. */
  question: string;
  /** May be empty: the solution then has an answer at once. */
  steps: ScriptedStep[];
  /** One line, as the action generator writes it. */
  answer: string;
}

export interface ScriptedCall {
  /** Expert asked, or `arguments`, `search` or `execute`. */
  part: Expert | 'arguments' | 'search' | 'execute';
  /** Prompt, query or program. */
  input: string;
  /** What was answered; absent while the call runs. */
  output?: string;
}

export interface ScriptOptions {
  /** Milliseconds that a call takes. @default 0 */
  delayMs?: number | ((call: ScriptedCall) => number);
  /**
   * Thrown instead of an answer. An Error of your own ends the solution at once; Temporal's failures say themselves whether the call is
   * tried again: return `ApplicationFailure.retryable('busy')` the first time to see that.
   */
  fail?: (call: ScriptedCall) => Error | undefined;
}

export interface Script {
  parts: ContextParts;
  /** Every call in the order of arrival. */
  calls: ScriptedCall[];
}

/**
 * A valid configuration without real services, for scripted parts. Its style `few-shot` follows a script step by step; `instruct` would look
 * for a second opinion.
 */
export function testConfig(overrides: Partial<HuskyConfigInput> = {}): HuskyConfigInput {
  return {
    prompts: 'few-shot',
    models: { default: { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'scripted' } },
    ...overrides,
  };
}

/** Models, search and sandbox that play given solutions back, in any order and number at once. */
export function scriptSolutions(solutions: readonly ScriptedSolution[], options: ScriptOptions = {}): Script {
  const calls: ScriptedCall[] = [];

  const answer = async (
    part: ScriptedCall['part'],
    input: string,
    signal: AbortSignal | undefined,
    find: () => string,
  ) => {
    const call: ScriptedCall = { part, input };
    calls.push(call);
    const delay = typeof options.delayMs === 'function' ? options.delayMs(call) : (options.delayMs ?? 0);
    if (delay > 0) {
      await pause(delay, signal);
      signal?.throwIfAborted();
    }
    const failure = options.fail?.(call);
    if (failure) throw lasting(failure);
    call.output = find();
    return call.output;
  };

  const model = (expert: string): Model => ({
    name: `scripted-${expert}`,
    generate: async ({ prompt }, { signal } = {}) => {
      const text = await answer(expert as Expert, prompt, signal, () => play(solutions, expert, prompt));
      return {
        text,
        finishReason: 'stop',
        model: `scripted-${expert}`,
        usage: { calls: 1, inputTokens: Math.ceil(prompt.length / 4), outputTokens: Math.ceil(text.length / 4) },
      };
    },
  });

  const step = (matches: (step: ScriptedStep) => boolean) => solutions.flatMap(({ steps }) => steps).find(matches);

  const search: SearchEngine = {
    name: 'scripted-search',
    search: async (query, { signal } = {}) => {
      const text = await answer('search', query, signal, () => step((one) => one.query === query)?.observation ?? '');
      return { text: text || undefined, results: text ? [{ title: query, snippet: text }] : [] };
    },
  };

  const sandbox: Sandbox = {
    level: 'process',
    run: async ({ code, signal }): Promise<RunResult> => {
      const stdout = await answer('execute', code, signal, () => step((one) => one.code === code)?.observation ?? '');
      const message = step((one) => one.code === code)?.programError;
      const ended = message === undefined ? { ok: true } : { ok: false, error: { name: 'Error', message } };
      return { ...ended, stdout, stderr: '', durationMs: 0, truncated: false };
    },
    close: async () => undefined,
  };

  return { parts: { model, search, sandbox }, calls };
}

/** Activities try an error that nobody has classified again for ever; a test would wait for it in vain. */
function lasting(error: Error): Error {
  if (error instanceof TemporalFailure || error.name === 'AbortError') return error;
  return ApplicationFailure.create({ message: error.message, type: error.name, nonRetryable: true, cause: error });
}

/** The answer of a scripted expert: found by the question and the steps that the prompt shows. */
function play(solutions: readonly ScriptedSolution[], expert: string, prompt: string): string {
  const shown = solutions
    .map((solution) => ({ solution, at: prompt.lastIndexOf(solution.question) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => b.at - a.at || b.solution.question.length - a.solution.question.length)[0]?.solution;
  if (expert === 'action') {
    if (!shown)
      throw absent(
        'question',
        prompt,
        solutions.map(({ question }) => question),
      );
    const tail = prompt.slice(prompt.lastIndexOf(shown.question));
    const next = shown.steps.find((step) => !tail.includes(step.step.trim()));
    return next ? `[${next.tool}] ${next.step}` : `[finish] The answer is ${shown.answer}.`;
  }
  const steps = (shown ? [shown] : solutions).flatMap((solution) => solution.steps);
  const current = steps
    .map((step) => ({ step, at: prompt.lastIndexOf(step.step.trim()) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => b.at - a.at)[0]?.step;
  if (!current)
    throw absent(
      'step',
      prompt,
      steps.map(({ step }) => step),
    );
  if (expert === 'code') return current.code ?? '';
  if (expert === 'query') return current.query ?? '';
  if (expert === 'arguments') return JSON.stringify(current.arguments ?? {});
  return current.output;
}

/** Not retried, because the script does not change. */
function absent(what: string, prompt: string, held: readonly string[]): Error {
  const quoted = held.map((text) => JSON.stringify(text)).join(', ');
  return createFailure(
    'InputInvalid',
    `No ${what} of the script occurs in the prompt, which ends with: ${prompt.slice(-300)}\nscriptSolutions was given: ${quoted || 'none'}.`,
  );
}
