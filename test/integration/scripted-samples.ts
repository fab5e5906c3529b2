/** A model whose samples of one question answer as a test says. */
import { createFailure } from '../../src/failures';
import type { GenerateRequest } from '../../src/models/model';
import type { ContextParts } from '../../src/runtime/open-context';

export const question = 'How many apples are three bags of seven?';

interface Asked extends Pick<GenerateRequest, 'seed' | 'temperature'> {
  sample: number;
  expert: string;
  aborted?: boolean;
}

/** Each sample thinks `thoughts` times and finishes with its answer; `hang` waits to be let go, `fail` fails for good. */
export function scriptedSamples(answers: readonly string[], thoughts = 1) {
  const asked: Asked[] = [];
  const parts: ContextParts = {
    model: (expert) => ({
      name: `scripted-${expert}`,
      generate: async ({ prompt, seed, temperature }, { signal } = {}) => {
        const sample = Math.floor((seed ?? 0) / 100);
        const call: Asked = { sample, expert, seed, temperature };
        asked.push(call);
        const answer = answers[sample] ?? '';
        if (answer === 'hang')
          await new Promise((_, reject) =>
            signal?.addEventListener('abort', () => {
              call.aborted = true;
              reject(signal.reason as Error);
            }),
          );
        if (answer === 'fail') throw createFailure('ModelAuthentication', `The key of sample ${sample} was refused.`);
        const tail = prompt.slice(prompt.lastIndexOf(question));
        const done = [...tail.matchAll(/Think of bag \d+/g)].length;
        const next = done < thoughts ? `[math] Think of bag ${done + 1}.` : `[finish] The answer is ${answer}.`;
        const text = expert === 'action' ? next : 'It holds seven apples.';
        return {
          text,
          finishReason: 'stop',
          model: `scripted-${expert}`,
          usage: { calls: 1, inputTokens: 10, outputTokens: 1 },
        };
      },
    }),
  };
  return { asked, parts };
}
