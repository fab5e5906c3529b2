/**
 * What the product is given so that it asks the simulator for the same work as the bare loops: prompts of the same length, programs
 * that take the same time.
 *
 * @module
 */
import type { HuskyConfigInput } from '../../src/config';
import type { ContextParts } from '../../src/runtime/open-context';
import type { PromptFields, PromptSet } from '../../src/prompts/prompt';
import { MODULES, type ModuleName } from '../../src/trajectory/modules';

/** Characters around question, history and step, and new tokens allowed: as in common/calls.ts of the baselines. */
const SIZES: Record<ModuleName, { pad: number; maxTokens: number }> = {
  action: { pad: 1690, maxTokens: 128 },
  code: { pad: 1080, maxTokens: 512 },
  math: { pad: 675, maxTokens: 512 },
  query: { pad: 390, maxTokens: 128 },
  commonsense: { pad: 5815, maxTokens: 512 },
  'code-rewrite': { pad: 3420, maxTokens: 256 },
  'search-rewrite': { pad: 1595, maxTokens: 256 },
  arguments: { pad: 390, maxTokens: 512 },
};

const padding = (module: string, characters: number) =>
  `You are the ${module} module of Husky. Read the material below and answer in the agreed form. `
    .repeat(80)
    .slice(0, characters);

const pads = new Map(MODULES.map((module) => [module, padding(module, SIZES[module].pad)]));

/** Prompts as the bare loops write them. */
export const simulatedPrompts: PromptSet = {
  style: 'few-shot',
  hashes: Object.fromEntries(MODULES.map((module) => [module, 'simulated'])) as Record<ModuleName, string>,
  render: (module, fields) => ({
    text: `${pads.get(module)}\n${body(module, fields)}`,
    stop: [],
    maxTokens: SIZES[module].maxTokens,
    temperature: 0,
  }),
};

function body(module: ModuleName, { question, history, step, code, observation }: PromptFields): string {
  if (module === 'search-rewrite') return `Instruction: ${step}\nOutput: ${observation}\nAnswer: `;
  if (module === 'code-rewrite')
    return `Question: ${question}\nStep: ${step}\nCode:\n${code}\nCode output: ${observation}\nRewrite: `;
  const shown = history.map((entry) => `Step: ${entry.step}\nOutput: ${entry.output}`).join('\n') || 'None';
  const asked = module === 'action' ? 'Next step or final answer: ' : `Current step: ${step}\n`;
  return `Question: ${question}\nSolution history:\n${shown}\n${asked}`;
}

/** A program takes 30 ms in each of the engines that are compared. */
export const simulatedParts: ContextParts = {
  prompts: simulatedPrompts,
  sandbox: {
    level: 'process',
    run: async ({ code }) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      const stdout = `ran ${code.length} characters`;
      return { ok: true, stdout, stderr: '', durationMs: 30, truncated: false };
    },
    close: async () => undefined,
  },
};

/** The simulator's models and search, and room for all questions at once: the simulator alone bounds what runs together. */
export function simulatedConfig(simulator: string, stepsPerActivity: number): HuskyConfigInput {
  const model = (name: string) => ({
    provider: 'openai' as const,
    baseUrl: `${simulator}/v1`,
    model: `husky-${name}`,
    concurrency: 512,
    contextTokens: 100_000,
  });
  return {
    prompts: 'few-shot',
    models: {
      action: model('action'),
      code: model('code'),
      math: model('math'),
      query: model('query'),
      commonsense: model('commonsense'),
    },
    search: { engine: 'serpapi', baseUrl: simulator, apiKeyEnv: 'SIMULATOR_KEY' },
    sandbox: { concurrency: 512 },
    limits: { maxSteps: 10 },
    stepsPerActivity,
  };
}
