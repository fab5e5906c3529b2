/** Prints what expert.test.ts looks at of a GGUF file's vocabulary, as JSON; jest cannot load node-llama-cpp. */
import { loadTokenCounter } from '../../src/training/token-counter';
import { answers, calls, fixedTokens, prompts } from './expert-calls';

async function main() {
  const tokens = await loadTokenCounter(process.argv[2] ?? '');
  const merged = calls.flatMap(([module, fields]) =>
    answers
      .filter((answer) => tokens.merges?.(prompts.render(module, fields).text, answer))
      .map((answer) => [module, answer]),
  );
  const label = tokens.merges?.('Next step or final answer:', '[search] x');
  process.stdout.write(JSON.stringify({ merged, label, fixed: fixedTokens(tokens) }));
  await tokens.close?.();
}

void main();
