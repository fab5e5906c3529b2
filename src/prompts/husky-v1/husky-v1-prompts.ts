/** Style `husky-v1`: exactly the prompts on which the released checkpoints were fine-tuned. */
import { sha256 } from '../../files/fingerprint';
import { createFailure } from '../../failures';
import type { LoopModule } from '../../trajectory/modules';
import { renderHistory, type HistoryEntry } from '../../trajectory/solution-history';
import { mustBeTaught, type PromptFields, type PromptSet, type RenderedPrompt } from '../prompt';
import { TEMPLATES, type TemplateField } from './templates';
import { wrap, wrappingFor } from './wrap';

/** The plain templates, with `%s` for each field. */
export type HuskyV1Wording = Record<LoopModule, string>;

/** The user's own tools are listed before this bullet, in the same form. */
const FINISH_BULLET = '\n- [finish]';

/**
 * @param wording from the user's own checkout, see import-wording.ts
 */
export function createHuskyV1Prompts(wording: HuskyV1Wording): PromptSet {
  return {
    style: 'husky-v1',
    hashes: Object.fromEntries(Object.entries(wording).map(([module, template]) => [module, sha256(template)])),
    render: (module, fields, modelName = '') => {
      mustBeTaught('husky-v1', module);
      return render(module, wording[module], fields, modelName);
    },
  };
}

function render(module: LoopModule, template: string, fields: PromptFields, modelName: string): RenderedPrompt {
  const facts = TEMPLATES[module];
  if (module === 'code' && fields.language === 'javascript')
    throw createFailure(
      'ConfigurationInvalid',
      'Prompts of style husky-v1 ask for Python, but sandbox.language is javascript; set sandbox.language to python.',
    );
  const values = facts.fields.map((field) => valueOf(field, fields));
  const plain = fill(module === 'action' ? offerTools(template, fields.tools) : template, values);
  return {
    text: wrap(plain, wrappingFor(facts, modelName), facts),
    messages: [{ role: 'user', content: plain }],
    stop: ['---'],
    maxTokens: facts.maxTokens,
    temperature: facts.temperature,
    // Sent explicitly: servers otherwise use the model's own sampling defaults.
    topP: 1,
  };
}

function fill(template: string, values: readonly string[]): string {
  return template.split('%s').reduce((text, part, at) => text + (values[at - 1] ?? '') + part);
}

function valueOf(field: TemplateField, fields: PromptFields): string {
  if (field === 'history') return renderHistory([...fields.history, ...failedAttempt(fields)]);
  return fields[field] ?? '';
}

/** Shows a failed program as an entry of the history: the reference never repairs, and its layout has no other place. */
function failedAttempt({ step = '', code, programError }: PromptFields): HistoryEntry[] {
  if (programError === undefined) return [];
  return [{ step, output: `This program failed:\n${code ?? ''}\n${programError}` }];
}

function offerTools(template: string, tools: PromptFields['tools'] = []): string {
  const at = template.indexOf(FINISH_BULLET);
  if (tools.length === 0 || at < 0) return template;
  const bullets = tools.map(({ name, description }) => `\n- [${name}] is for: ${description}`).join('');
  return template.slice(0, at) + bullets.replaceAll('%s', '% s') + template.slice(at);
}
