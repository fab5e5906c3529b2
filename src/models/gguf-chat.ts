/** Renders a conversation by the chat template of a GGUF file. */
import type { LlamaModel, Token } from 'node-llama-cpp' with { 'resolution-mode': 'import' };
import { createFailure } from '../failures';
import type { ChatMessage } from './model';

export interface GgufChat {
  /** The tokens of the conversation, up to the start of the assistant's answer. */
  tokensOf(messages: readonly ChatMessage[]): Token[];
}

/** Reads the template from the file's metadata. */
export function chatTemplateOf(model: LlamaModel): string | undefined {
  const template: unknown = model.fileInfo.metadata.tokenizer?.chat_template;
  return typeof template === 'string' && template.trim() !== '' ? template : undefined;
}

/**
 * The template's marks become special tokens of the model. The same marks inside a message stay plain text, so that a search result cannot
 * end a turn.
 *
 * @param parameters for the template, as servers take them in `chat_template_kwargs`, e.g. `{ enable_thinking: false }`
 * @throws ConfigurationInvalid when the file has no template, or one that cannot be used
 */
export async function openGgufChat(
  model: LlamaModel,
  name: string,
  parameters: Record<string, unknown> = {},
): Promise<GgufChat> {
  const template = chatTemplateOf(model);
  if (template === undefined)
    throw createFailure(
      'ConfigurationInvalid',
      `The file of the model ${name} has no chat template; set api: completions, or name a file of an instruction-tuned model.`,
    );
  const { JinjaTemplateChatWrapper } = await import('node-llama-cpp');
  try {
    const wrapper = new JinjaTemplateChatWrapper({
      template,
      // As in servers, null leaves the choice to the template.
      reasoning: null,
      additionalRenderParameters: parameters,
      tokenizer: model.tokenizer,
      functionCallMessageTemplate: 'noJinja',
    });
    const tokensOf = (messages: readonly ChatMessage[]) => {
      const chatHistory = messages.map(({ role, content }) =>
        role === 'assistant' ? { type: 'model' as const, response: [content] } : { type: role, text: content },
      );
      const { contextText } = wrapper.generateContextState({
        chatHistory: [...chatHistory, { type: 'model', response: [] }],
      });
      return contextText.tokenize(model.tokenizer);
    };
    tokensOf([{ role: 'user', content: 'Hello' }]);
    return { tokensOf };
  } catch (error) {
    throw createFailure(
      'ConfigurationInvalid',
      `The chat template in the file of the model ${name} cannot be used (${(error as Error).message}); set api: completions.`,
    );
  }
}
