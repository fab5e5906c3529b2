/**
 * Parameters that some models of OpenAI refuse: reasoning models take `max_completion_tokens` in the place of `max_tokens`, one
 * temperature, and no stop strings. The refusal names the parameter, so a model's first call finds out and later calls know.
 *
 * @module
 */
import { APIError } from 'openai';

export type RequestBody = Record<string, unknown>;

const ADAPTABLE = ['max_tokens', 'temperature', 'top_p', 'stop', 'seed'] as const;
export type Adaptation = (typeof ADAPTABLE)[number];

/** The parameter of `body` that the server refused by name, if going on without it makes sense. */
export function refusedParameter(error: unknown, body: RequestBody): Adaptation | undefined {
  if (!(error instanceof APIError) || error.status !== 400) return undefined;
  if (error.code !== 'unsupported_parameter' && error.code !== 'unsupported_value') return undefined;
  return ADAPTABLE.find((name) => name === error.param && name in body);
}

/** The body without what was refused; the bound on tokens takes its other name. */
export function adaptedBody(body: RequestBody, adaptations: ReadonlySet<Adaptation>): RequestBody {
  const adapted = { ...body };
  for (const name of adaptations) delete adapted[name];
  if (adaptations.has('max_tokens')) adapted.max_completion_tokens = body.max_tokens;
  return adapted;
}
