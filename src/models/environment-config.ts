/** Makes a configuration from environment variables if there is no file: one model behind an OpenAI-compatible endpoint. */
import { createFailure } from '../failures';

/** The input of parseConfig. @throws ConfigurationInvalid when no model is named */
export function environmentConfig(env: NodeJS.ProcessEnv) {
  const model = env.HUSKY_MODEL ?? env.OPENAI_MODEL;
  if (!model)
    throw createFailure(
      'ConfigurationInvalid',
      'OPENAI_BASE_URL or OPENAI_API_KEY is set, but not which model to use: set HUSKY_MODEL to its name.',
    );
  return {
    prompts: 'instruct',
    models: {
      default: {
        provider: 'openai',
        baseUrl: env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
        model,
        contextTokens: 32_768,
        ...(env.OPENAI_API_KEY ? { apiKeyEnv: 'OPENAI_API_KEY' } : {}),
      },
    },
  };
}
