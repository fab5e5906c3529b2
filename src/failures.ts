/**
 * The table of failures: meaning of each type, whether a retry can help, and what to do. Activities throw no other failures, so that retry
 * policies, tests and operators can rely on the type.
 */
import { ApplicationFailure } from '@temporalio/common';

interface FailureKind {
  retryable: boolean;
  advice: string;
}

/** A retry can help. */
const passing = (advice: string): FailureKind => ({ retryable: true, advice });
/** It would fail again. */
const lasting = (advice: string): FailureKind => ({ retryable: false, advice });

export const FAILURES = {
  ModelUnavailable: passing(
    'The model server did not answer, or its model is not loaded yet; check that it runs and its address is right (npx temporal-husky doctor).',
  ),
  ModelOverloaded: passing(
    'The model server refused for load (408, 409, 429 or 5xx); lower concurrency or add capacity.',
  ),
  ModelResponseInvalid: passing(
    'The server answered something that is not the OpenAI format. If that continues, look at its log, and check that baseUrl ends where its API begins (often /v1).',
  ),
  ModelAuthentication: lasting(
    'The key was refused (401 or 403), or its account has no money or quota left; check the environment variable named by apiKeyEnv on the worker.',
  ),
  ModelBlocked: lasting(
    'Something in front of the model server refused, such as a firewall, a bot check or a VPN, so no key was looked at; allow this machine there, or use an address behind it.',
  ),
  ModelRequestRejected: lasting(
    'The server rejected the request (400 or 422); check model name, API kind (chat or completions) and parameters. omit: leaves a field out, body: adds the own fields of the server.',
  ),
  ModelAnswerMissing: lasting(
    'Without an action the solution cannot go on; docs/models.md tells how models that think are set.',
  ),
  ModelNotLoadable: lasting(
    'Free memory on the host of the server, or choose a smaller model, quantization or context there; the log of the server tells more.',
  ),
  ModelNotFound: lasting('No such model or path on this server (404); check model and baseUrl.'),
  ContextLengthExceeded: lasting(
    'The prompt does not fit the model; set contextTokens of this model so that long histories are shortened.',
  ),
  SearchUnavailable: passing('The search service did not answer or refused for load.'),
  SearchIncomplete: passing('Choose engines that answer in the settings of the search service.'),
  SearchAuthentication: lasting(
    'A key that the service takes is needed; check the environment variable (search.apiKeyEnv) on the worker.',
  ),
  SearchRequestRejected: lasting('The search service rejected the request; check the engine settings.'),
  SandboxUnavailable: passing('No sandbox process could be started; see npx temporal-husky doctor.'),
  SandboxRefused: lasting(
    'This machine cannot give the guarantee that sandbox.require asks for; see docs/security.md.',
  ),
  ConfigurationInvalid: lasting(
    'Correct the configuration; npx temporal-husky doctor names every problem of a file at once.',
  ),
  InputInvalid: lasting('Correct the input.'),
  IdTaken: lasting('Choose another id, or ask the same again to join it.'),
  ApprovalGone: lasting('The query huskyWaiting and npx temporal-husky show ID tell what a solution waits for.'),
  ToolUnknown: lasting('Check tools: and mcp: of the configuration (npx temporal-husky doctor).'),
  ToolFailed: lasting('The tool said so itself. Look at its arguments and at what it works on.'),
  McpUnavailable: passing(
    'Check that it runs, and its command or url in mcp: of the configuration (npx temporal-husky doctor).',
  ),
  McpRefused: lasting('Check the environment variables named by apiKeyEnv and headersEnv on the worker.'),
  ToolArgumentsInvalid: lasting('Write arguments that fit the schema of the tool.'),
  ToolResultTooLarge: lasting('Let the activity return less, such as the part that answers the step.'),
  SystemFailed: lasting(
    'The command must read a question from standard input, print an answer and exit with status 0.',
  ),
  TrainingOutOfMemory: lasting('End what else holds the memory, lower maxTokens, or use LoRA (--preset lora).'),
  TrainingDiverged: lasting('A loss or a gradient is not a number; the message says which, and what to try.'),
  TrainingDeviceMissing: lasting('No such device; choose --device cpu or repair the CUDA installation.'),
  TrainingDiskFull: lasting('Free disk space; the run continues from its last checkpoint.'),
  TrainingFailed: passing('The trainer ended unexpectedly; its last lines are in the message.'),
} satisfies Record<string, FailureKind>;

export type FailureType = keyof typeof FAILURES;

export interface FailureOptions {
  cause?: Error;
  /** Milliseconds before the next attempt, from the server's Retry-After. Below 1 the retry policy decides. */
  nextRetryDelayMs?: number;
  details?: unknown[];
}

/** An ApplicationFailure of a known type; the advice of the table is appended to the message. */
export function createFailure(type: FailureType, message: string, options: FailureOptions = {}): ApplicationFailure {
  const { retryable, advice } = FAILURES[type];
  const { nextRetryDelayMs } = options;
  const end = /[\p{L}\p{N}]$/u.test(message) ? '.' : '';
  return ApplicationFailure.create({
    type,
    // Temporal's core reads messages as strict UTF-8, which has no halves of characters.
    message: `${message}${end} ${advice}`.toWellFormed(),
    nonRetryable: !retryable,
    cause: options.cause,
    details: options.details,
    // A delay of 0 would end all attempts in Temporal, but Retry-After: 0 means to retry at once.
    nextRetryDelay: nextRetryDelayMs !== undefined && nextRetryDelayMs >= 1 ? nextRetryDelayMs : undefined,
  });
}
