/**
 * Model, sandbox, search engine and tools with a span and a measurement around each call. Names follow OpenTelemetry's conventions for
 * generative AI.
 */
import type { GenerateRequest, Generation, Model } from '../models/model';
import type { RunResult, Sandbox } from '../sandbox/sandbox';
import type { SearchEngine } from '../search/search-engine';
import type { ModuleName } from '../trajectory/modules';
import type { SpanText } from './traced-texts';
import { tracing, type Attributes, type Tracing } from './tracing';

/** What a call is recorded with. */
export interface Recording {
  tracing: Tracing;
  /** Absent where texts are not recorded. */
  texts: SpanText | undefined;
}

/** @param provider of the configuration, by the conventions' name for it */
export function tracedModel(
  { tracing, texts }: Recording,
  { module, provider }: { module: ModuleName; provider: string },
  model: Model,
): Model {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model.name,
    'husky.module': module,
  };
  return {
    name: model.name,
    countTokens: model.countTokens?.bind(model),
    contextTokens: model.contextTokens,
    generate: (request, options) =>
      tracing.call(
        {
          name: `chat ${model.name}`,
          attributes: {
            ...attributes,
            'gen_ai.request.max_tokens': request.maxTokens,
            'gen_ai.request.temperature': request.temperature,
            'gen_ai.input.messages': texts && messagesOf(request, texts),
          },
          told: (generation) => ({ attributes: answered(generation, texts) }),
          ended: (ms, result, error) => tracing.metrics.model(ms, attributes, result?.usage, error),
        },
        () => model.generate(request, options),
      ),
    close: model.close?.bind(model),
  };
}

function answered(generation: Generation, texts: SpanText | undefined): Attributes {
  const { model, usage, finishReason, text } = generation;
  return {
    'gen_ai.response.model': model,
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.response.finish_reasons': [finishReason],
    'gen_ai.output.messages':
      texts &&
      JSON.stringify([
        { role: 'assistant', parts: [{ type: 'text', content: texts(text) }], finish_reason: finishReason },
      ]),
  };
}

function messagesOf({ prompt, messages }: GenerateRequest, texts: SpanText): string {
  const sent = messages ?? [{ role: 'user', content: prompt }];
  return JSON.stringify(
    sent.map(({ role, content }) => ({ role, parts: [{ type: 'text', content: texts(content) }] })),
  );
}

/** A call of a tool: its arguments and what it told are texts. */
interface ToolCall<T> {
  name: string;
  attributes?: Attributes;
  given: string;
  told: (result: T) => { text: string; attributes?: Attributes; error?: string };
}

function callTool<T>({ tracing, texts }: Recording, call: ToolCall<T>, work: () => Promise<T>): Promise<T> {
  const { name, given } = call;
  return tracing.call(
    {
      name: `execute_tool ${name}`,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': name,
        ...call.attributes,
        'gen_ai.tool.call.arguments': texts?.(given),
      },
      told: (result) => {
        const { text, attributes, error } = call.told(result);
        return { attributes: { ...attributes, 'gen_ai.tool.call.result': texts?.(text) }, error };
      },
      ended: (ms, _result, error) => tracing.metrics.tool(ms, name, error),
    },
    work,
  );
}

export function tracedSandbox(recording: Recording, sandbox: Sandbox): Sandbox {
  return {
    level: sandbox.level,
    run: (request) =>
      callTool(
        recording,
        {
          name: 'code',
          attributes: { 'husky.program.language': request.language },
          given: request.code,
          told: (run) => ({ text: said(run), error: run.ok ? undefined : (run.limit ?? 'program-failed') }),
        },
        () => sandbox.run(request),
      ),
    close: () => sandbox.close(),
  };
}

const said = ({ stdout, value, error }: RunResult) =>
  [stdout, value, error && `${error.name}: ${error.message}`].filter(Boolean).join('\n');

export function tracedSearch(recording: Recording, engine: SearchEngine): SearchEngine {
  return {
    name: engine.name,
    search: (query, options) =>
      callTool(
        recording,
        {
          name: 'search',
          attributes: { 'husky.search.engine': engine.name },
          given: query,
          told: ({ text = '', results }) => ({ text, attributes: { 'husky.search.results': results.length } }),
        },
        () => engine.search(query, options),
      ),
    close: engine.close?.bind(engine),
  };
}

/** Around a call of a tool with arguments: of `defineTool`, or of an MCP server. Without OpenTelemetry it only makes the call. */
export function tracedCall<T>(
  name: string,
  given: unknown,
  texts: SpanText | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const open = tracing();
  const text = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return open
    ? callTool({ tracing: open, texts }, { name, given: text(given), told: (told) => ({ text: text(told) }) }, work)
    : work();
}
