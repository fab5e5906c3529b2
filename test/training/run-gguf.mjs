/** Greedy output of a GGUF file through node-llama-cpp: prompts as JSON lines on standard input, token ids as JSON lines on standard output. */
import { readFileSync } from 'node:fs';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const llama = await getLlama({ build: 'never', gpu: false, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: process.argv[2] });
const context = await model.createContext({ contextSize: 512, threads: 1 });
const sequence = context.getSequence();
for (const line of readFileSync(0, 'utf8').trim().split('\n')) {
  const { prompt, maxTokens } = JSON.parse(line);
  const ids = model.tokenize(prompt, true);
  const output = [];
  await sequence.clearHistory();
  for await (const token of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
    if (model.isEogToken(token)) break;
    output.push(token);
    if (output.length >= maxTokens) break;
  }
  process.stdout.write(`${JSON.stringify({ prompt: ids, output })}\n`);
}
await llama.dispose();
