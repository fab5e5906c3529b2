/** Each module alone on a gold trajectory: it is given the gold history, so that one module's mistake is not another's. */

/** @returns pairs of module and whether its output was right */
export async function* moduleVerdicts({ ask, search, execute }, { question, steps, finish }) {
  const history = [];
  const said = async (module, fields, wanted) => [module, (await ask(module, fields)) === wanted];
  for (const { tool, step, query, code, observation, output } of steps) {
    const fields = { question, history: [...history], step };
    yield said('action', { question, history: fields.history }, `[${tool}] ${step}`);
    if (query !== undefined) yield ['query', (await search(await ask('query', fields))) === observation];
    if (code !== undefined) yield ['code', (await execute(await ask('code', fields))) === observation];
    if (tool === 'search') yield said('search-rewrite', { ...fields, observation }, output);
    else if (tool === 'code') yield said('code-rewrite', { ...fields, code, observation }, output);
    else yield said(tool, fields, output);
    history.push({ step, output });
  }
  yield said('action', { question, history }, `[finish] ${finish}`);
}
