/**
 * The experts in a plain loop, without a Temporal server: the same prompts, models, search engine and sandbox as a worker uses.
 * For measuring them quickly; what users run is src/workflows/solve/solve.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CALLS = 11;

/**
 * @param load requires a room of the package by its path, e.g. `models/index`
 * @param options.models folder of manifest.json and the GGUF files
 * @param options.engine a search engine. Default: the bundled atlas
 */
export async function openExperts(load, { models: folder, engine }) {
  const { createModel } = load('models/index');
  const prompts = load('atlas/reading/reading-prompts').readingPrompts(load('prompts/compact/index').compactPrompts);
  const { renderBaseline } = load('prompts/baseline-prompts');
  const { createSandbox } = load('sandbox/index');
  const { createSearchEngine } = load('search/index');
  const { EMPTY_SEARCH_OUTPUT } = load('trajectory/solution-history');
  const { expertOf } = load('trajectory/modules');
  const { parseAction, parseAnswer, trimReasoning } = load('trajectory/parse-action');

  const { models: files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const open = new Map();
  const searching = engine ?? (await createSearchEngine({}));
  const sandbox = createSandbox({ concurrency: 1 });

  async function model(file) {
    if (!open.has(file))
      open.set(file, await createModel({ provider: 'gguf', path: join(folder, file), concurrency: 1, threads: 1 }));
    return open.get(file);
  }

  async function ask(module, fields) {
    const { text: prompt, maxTokens, temperature, stop } = prompts.render(module, fields);
    const { text } = await (await model(files[expertOf(module)])).generate({ prompt, maxTokens, temperature, stop });
    return prompts.readOutput(module, text.trim(), fields);
  }

  const search = async (query) => (query ? (await searching.search(query)).text : undefined);

  /** What the program printed, or undefined when it failed. */
  async function execute(code) {
    const { ok, stdout, value } = await sandbox.run({ language: 'javascript', code });
    return ok ? stdout.trim() || value : undefined;
  }

  async function carryOut(fields, tool) {
    if (tool === 'search') {
      const observation = await search(await ask('query', fields));
      return observation === undefined ? EMPTY_SEARCH_OUTPUT : ask('search-rewrite', { ...fields, observation });
    }
    if (tool === 'code') {
      const code = await ask('code', fields);
      const observation = await execute(code);
      return observation === undefined
        ? 'This step has failed.'
        : ask('code-rewrite', { ...fields, code, observation });
    }
    return trimReasoning(await ask(tool === 'math' ? 'math' : 'commonsense', fields));
  }

  /** The answer, empty when the last call brought none, and one line for each step. */
  async function solve(question) {
    const history = [];
    const told = [];
    try {
      for (let call = 0; call < CALLS; call += 1) {
        const action = parseAction(await ask('action', { question, history }));
        if (action.kind === 'finish') return { answer: action.answer, told: [...told, action.text] };
        const output = await carryOut({ question, history: [...history], step: action.step }, action.tool);
        history.push({ step: action.step, output });
        told.push(`[${action.tool}] ${action.step} -> ${output}`);
      }
    } catch (error) {
      if (error.type !== 'ContextLengthExceeded') throw error;
      told.push(error.message);
    }
    return { answer: '', told };
  }

  const ofText = ({ text, maxTokens, temperature, stop }) => ({ prompt: text, maxTokens, temperature, stop });

  /** One model, no tools. */
  async function think(question) {
    const { text } = await (
      await model('cot.gguf')
    ).generate(ofText(renderBaseline('cot', { style: 'compact', question })));
    return { answer: parseAnswer(text.trim()), told: [text.trim()] };
  }

  async function close() {
    await sandbox.close();
    await searching.close?.();
    for (const one of open.values()) await one.close();
  }

  return { ask, search, execute, solve, think, close };
}
