/**
 * The seven templates of Husky-v1: their places in its source, their fields in order, and the hashes of their exact wording, which is not
 * part of this package.
 * Source: agent-husky/Husky-v1, commit 1d5dca1; docs/husky-v1.md, sections 1 to 3.
 */
import type { LoopModule } from '../../trajectory/modules';

export type TemplateField = 'question' | 'history' | 'step' | 'code' | 'observation';

export interface TemplateFacts {
  /** File in `husky/prompts/`. */
  file: string;
  /** Python variable that holds the plain template. */
  variable: string;
  /** What each `%s` stands for, in order. */
  fields: readonly TemplateField[];
  /** sha256 of the Python string with its `%s`. */
  sha256: string;
  /** Of the same string in the chat wrap. */
  chatSha256: string;
  maxTokens: number;
  temperature: number;
  /** Substrings of the model's name that ask for the chat wrap. */
  chatModels: readonly string[];
  /** The mistral wrap ends in a newline. */
  mistralNewline: boolean;
}

const STEP_FIELDS = ['question', 'history', 'step'] as const;
/** Fine-tuned from Llama 2. */
const PLANNER = { chatModels: ['llama', 'tulu'], mistralNewline: true, maxTokens: 128, temperature: 0 };
/** Not fine-tuned: Tulu 2 with examples. */
const REASONER = { chatModels: ['tulu'], mistralNewline: false, maxTokens: 256, temperature: 0.3 };

export const TEMPLATES: Record<LoopModule, TemplateFacts> = {
  action: {
    ...PLANNER,
    file: 'action_prompts.py',
    variable: 'HUSKY_ACTION_GENERATOR_PROMPT',
    fields: ['question', 'history'],
    sha256: '99542ae25272ccc367621241cd1027f5325f778e58b89b620634c4c1db24befe',
    chatSha256: '487b0e4177176fa3dff2203c530caf03bf5a7ff8334c90ce8bf03f072e5993c8',
  },
  code: {
    file: 'code_prompts.py',
    variable: 'HUSKY_CODE_GENERATOR_PROMPT',
    fields: STEP_FIELDS,
    sha256: 'ac6967eb84701fff96fc238331c7f81765dc62e976c3540fd2a46a7498dfbcae',
    chatSha256: '5b84ab3ca0a8b5dcc0b0e8789db4874288870f900f342c90baf08405b7e54ca1',
    maxTokens: 512,
    temperature: 0,
    chatModels: ['tulu'],
    mistralNewline: false,
  },
  math: {
    file: 'math_prompts.py',
    variable: 'HUSKY_MATH_GENERATOR_PROMPT',
    fields: STEP_FIELDS,
    sha256: '30efff5d7c10738aa35638726da53afc010c2c8f10e5e13cd4d49e2158e681b5',
    chatSha256: '63c762414a6792d91cd3daf92e8d5606f9d84959bb02f13aa51633b8e5255f7e',
    maxTokens: 512,
    temperature: 0,
    chatModels: ['llama', 'tulu'],
    mistralNewline: false,
  },
  query: {
    ...PLANNER,
    file: 'query_prompts.py',
    variable: 'HUSKY_QUERY_GENERATOR_PROMPT',
    fields: STEP_FIELDS,
    sha256: 'f12b7ddd9617a662a28cd3b2d5d1ef2f384c707f1f3138c342a975af0d086bef',
    chatSha256: 'bd0b27870e8809585165ef291bc8ee0aa213a73e0d8236098508e52d9149a85e',
  },
  commonsense: {
    ...REASONER,
    file: 'reasoning_prompts.py',
    variable: 'HUSKY_REASONING_GENERATOR_FEWSHOT_PROMPT',
    fields: STEP_FIELDS,
    sha256: 'de21bbea47a3174c3cff9d733a0d2d3a5b5908fc8756cc3ad34108fdb5e2c860',
    chatSha256: 'd2f39534752c594e74c6e524c56db4ac26b31d0870204392158ece4d9cd7b520',
  },
  'code-rewrite': {
    ...REASONER,
    file: 'writer_prompts.py',
    variable: 'HUSKY_CODE_OUTPUT_WRITER_FEWSHOT_PROMPT',
    fields: ['question', 'step', 'code', 'observation'],
    sha256: '1703e965dd359d6ae7b8bba15a2064abc0ae3909cdbaf5164c57ef23392f9834',
    chatSha256: '88742316e7887c9340e0b66132f8fb6bd82e4a206590cc7bcb115581514f49a9',
  },
  'search-rewrite': {
    ...REASONER,
    file: 'writer_prompts.py',
    variable: 'HUSKY_SEARCH_OUTPUT_WRITER_FEWSHOT_PROMPT',
    fields: ['step', 'observation'],
    sha256: '61ed9bf234ec5a4c3a38aa98153f16347d98382ccd02a5983999b5082789cc41',
    chatSha256: 'a323147fd891400ea5be2a1da997cf957bfe10c4929d0fecac6c0dbb603e2178',
  },
};
