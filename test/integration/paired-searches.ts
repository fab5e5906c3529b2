/** Models and search for a question whose action generator names two searches in one answer. */
import type { GenerateRequest } from '../../src/models/model';
import type { ContextParts } from '../../src/runtime/open-context';

export const question = 'Which is higher, the Ox or the Elk?';
export const named = '[search] Find the height of the Ox.\n[search] Find the height of the Elk.';

/** Searches wait for each other: they end only where both run at the same time. */
export function pairedSearches() {
  const prompts: GenerateRequest[] = [];
  const waiting: (() => void)[] = [];
  const parts: ContextParts = {
    model: () => ({
      name: 'scripted',
      generate: async (request) => {
        if (request.form?.kind === 'action') prompts.push(request);
        const answers = [named, '[commonsense] Solve the question.'];
        const text = request.form?.kind === 'action' ? (answers[prompts.length - 1] ?? '') : 'It is \\boxed{the Ox}.';
        const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
        return { text, finishReason: 'stop', model: 'scripted', usage };
      },
    }),
    search: {
      name: 'paired',
      search: async (query) => {
        await new Promise<void>((go) => {
          waiting.push(go);
          // The later one ends first.
          if (waiting.length === 2) waiting.toReversed().forEach((release) => release());
        });
        return { text: `${query} It is 7 metres.`, results: [] };
      },
    },
  };
  return { parts, prompts };
}
