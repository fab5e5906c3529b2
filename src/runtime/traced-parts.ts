/**
 * Model, sandbox and search engine with a span and a measurement around each call. Prompts, programs and answers are not recorded.
 * Names follow OpenTelemetry's conventions for generative AI.
 *
 * @module
 */
import type { Model } from '../models/model';
import type { Sandbox } from '../sandbox/sandbox';
import type { SearchEngine } from '../search/search-engine';
import type { ModuleName } from '../trajectory/modules';
import type { Tracing } from './tracing';

export function tracedModel(tracing: Tracing, module: ModuleName, model: Model): Model {
  const tokens = tracing.meter.createHistogram('gen_ai.client.token.usage', { unit: '{token}' });
  const duration = tracing.meter.createHistogram('gen_ai.client.operation.duration', { unit: 's' });
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': model.name,
    'husky.module': module,
  };
  return {
    name: model.name,
    ...(model.countTokens ? { countTokens: (text: string) => model.countTokens?.(text) ?? 0 } : {}),
    generate: (request, options) =>
      tracing.call(
        {
          name: `chat ${model.name}`,
          attributes: {
            ...attributes,
            'gen_ai.request.max_tokens': request.maxTokens,
            'gen_ai.request.temperature': request.temperature,
          },
          told: ({ model: answered, usage, finishReason }) => ({
            attributes: {
              'gen_ai.response.model': answered,
              'gen_ai.usage.input_tokens': usage.inputTokens,
              'gen_ai.usage.output_tokens': usage.outputTokens,
              'gen_ai.response.finish_reasons': finishReason,
            },
          }),
          ended: (ms, result, error) => {
            duration.record(ms / 1000, { ...attributes, ...(error === undefined ? {} : { 'error.type': error }) });
            if (!result) return;
            tokens.record(result.usage.inputTokens, { ...attributes, 'gen_ai.token.type': 'input' });
            tokens.record(result.usage.outputTokens, { ...attributes, 'gen_ai.token.type': 'output' });
          },
        },
        () => model.generate(request, options),
      ),
    ...(model.close ? { close: () => model.close?.() ?? Promise.resolve() } : {}),
  };
}

const tool = (name: string) => ({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name });

export function tracedSandbox(tracing: Tracing, sandbox: Sandbox): Sandbox {
  return {
    level: sandbox.level,
    run: (request) =>
      tracing.call(
        {
          name: 'execute_tool code',
          attributes: { ...tool('code'), 'husky.program.language': request.language },
          told: ({ ok, limit }) => ({ attributes: {}, ...(ok ? {} : { error: limit ?? 'program-failed' }) }),
          ended: measured(tracing, 'code'),
        },
        () => sandbox.run(request),
      ),
    close: () => sandbox.close(),
  };
}

export function tracedSearch(tracing: Tracing, engine: SearchEngine): SearchEngine {
  return {
    name: engine.name,
    search: (query, options) =>
      tracing.call(
        {
          name: 'execute_tool search',
          attributes: { ...tool('search'), 'husky.search.engine': engine.name },
          told: ({ results }) => ({ attributes: { 'husky.search.results': results.length } }),
          ended: measured(tracing, 'search'),
        },
        () => engine.search(query, options),
      ),
    ...(engine.close ? { close: () => engine.close?.() } : {}),
  };
}

function measured({ meter }: Tracing, name: string) {
  const duration = meter.createHistogram('husky.tool.duration', { unit: 's' });
  return (ms: number, _result: unknown, error: string | undefined) =>
    duration.record(ms / 1000, { ...tool(name), ...(error === undefined ? {} : { 'error.type': error }) });
}
