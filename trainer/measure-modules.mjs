/** Each module alone on a gold trajectory: it is given the gold history, so that one module's mistake is not another's. */

/** @returns module, whether its output was right, what it said, and what was wanted, each time */
export async function* moduleVerdicts({ ask, search, execute }, { question, steps, finish }) {
  const history = [];
  const said = async (module, fields, wanted, seen = (text) => text, result = wanted) => {
    const text = await ask(module, fields);
    return [module, (await seen(text)) === result, text, wanted];
  };
  for (const { tool, step, query, code, observation, output } of steps) {
    const fields = { question, history: [...history], step };
    yield said('action', { question, history: fields.history }, `[${tool}] ${step}`);
    if (query !== undefined) yield said('query', fields, query, search, observation);
    if (code !== undefined) yield said('code', fields, code, execute, observation);
    if (tool === 'search') yield said('search-rewrite', { ...fields, observation }, output);
    else if (tool === 'code') yield said('code-rewrite', { ...fields, code, observation }, output);
    else yield said(tool, fields, output);
    history.push({ step, output });
  }
  yield said('action', { question, history }, `[finish] ${finish}`);
}
