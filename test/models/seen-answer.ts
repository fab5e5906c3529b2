/** What a call makes of a server that answers as it is told, as one object. */
import { ApplicationFailure } from '@temporalio/common';
import { createOpenAIModel, type OpenAIModelOptions } from '../../src/models';
import type { CallOptions, GenerateRequest } from '../../src/models/model';
import { raw, startMisbehavingServer, type Behaviour } from './misbehaving-server';

export const REQUEST: GenerateRequest = { prompt: 'Question', maxTokens: 160, temperature: 0, stop: ['\n---'] };
export const ACTION: GenerateRequest = {
  ...REQUEST,
  form: { kind: 'action', tools: ['search', 'code', 'math', 'commonsense', 'finish'] },
};

export interface Seen {
  text?: string;
  finishReason?: string;
  problem?: string;
  type?: string;
  nonRetryable?: boolean;
  wait?: number;
  message?: string;
  usage?: object;
  requests: number;
  last: Record<string, unknown>;
}

/** What a call makes of a server, as one object whether it failed or not. */
export async function seeBy(
  choose: (body: Record<string, unknown>, path: string, nth: number) => Behaviour,
  request = REQUEST,
  options: CallOptions = {},
  settings: Partial<OpenAIModelOptions> = {},
): Promise<Seen> {
  const server = await startMisbehavingServer(({ body, path }, nth) => choose(body, path, nth));
  const model = createOpenAIModel({ baseUrl: server.url, model: 'tiny', api: 'chat', ...settings });
  try {
    const seen: object = await model.generate(request, options).catch((error: unknown) => {
      if (!(error instanceof ApplicationFailure)) throw error;
      const { type, nonRetryable, nextRetryDelay: wait, message } = error;
      return { type, nonRetryable, wait, message };
    });
    return { ...seen, requests: server.requests.length, last: server.requests.at(-1)?.body ?? {} };
  } finally {
    await model.close?.();
    await server.close();
  }
}

export const see = (behaviour: Behaviour, request?: GenerateRequest) => seeBy(() => behaviour, request);

export const choice = (parts: object, more: object = {}) =>
  raw(JSON.stringify({ model: 'tiny', choices: [{ index: 0, ...parts }], ...more }));
export const said = (message: string, more: object = {}) => ({ error: { message, ...more } });
