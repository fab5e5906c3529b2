/** Training and inference must show a model the same bytes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivityContext } from '../../src/runtime/activity-context';
import { generateArguments } from '../../src/activities/solve/generate-arguments';
import { generateCode } from '../../src/activities/solve/generate-code';
import { generateQuery } from '../../src/activities/solve/generate-query';
import { predictAction } from '../../src/activities/solve/predict-action';
import { reasonCommonsense, reasonMath } from '../../src/activities/solve/reason';
import { rewriteResult } from '../../src/activities/solve/rewrite-result';
import { atlasQuestions } from '../../src/atlas';
import type { GenerateRequest } from '../../src/models/model';
import { loadPrompts, wordingFolder, type PromptSet } from '../../src/prompts';
import { extract } from '../../src/training/extract';
import { createScriptedTeacher } from '../../src/training/scripted-teacher';
import { expertOf, LOOP_MODULES, type Expert, type ModuleName } from '../../src/trajectory/modules';
import type { Trajectory } from '../../src/trajectory/trajectory';
import { labContext } from './harness';
import { temporaryFolder } from '../temporary-folder';
import { mapTrajectory, writeLines } from './trajectories';

const folder = temporaryFolder('training');
const trajectories = [...atlas(40), mapTrajectory(0), mapTrajectory(1)];
const modelName = 'husky-v1-llama2-7b';
const tools = [{ name: 'weather', description: 'Tells the weather of a place.' }];

function atlas(count: number): Trajectory[] {
  const questions = atlasQuestions('train', { seed: 5 });
  return Array.from({ length: count }, () => questions.next().value.trajectory);
}

/** What inference sends when the experts answer as the trajectory says: by module, each request with the answer given. */
async function sent(
  prompts: PromptSet,
  language: 'javascript' | 'python',
): Promise<Map<ModuleName, Map<string, string>>> {
  const scriptedTeacher = createScriptedTeacher(trajectories);
  let request: GenerateRequest | undefined;
  const context: ActivityContext = {
    ...labContext([], () => {
      throw new Error('no model');
    }),
    prompts,
    model: async (expert: Expert) => ({
      name: modelName,
      generate: (one) => ((request = one), scriptedTeacher(expert).generate(one)),
    }),
  };
  const all = new Map<ModuleName, Map<string, string>>(
    LOOP_MODULES.map((module) => [module, new Map<string, string>()]),
  );
  const { signal } = new AbortController();
  for (const { question, steps } of trajectories) {
    const history: { step: string; output: string }[] = [];
    const call = async (module: ModuleName, work: () => Promise<unknown>) => {
      await work();
      const { text } = await scriptedTeacher(expertOf(module)).generate(request!);
      all.get(module)?.set(request!.prompt, text.trim());
    };
    const solution = { question, history };
    for (const { tool, step, code, observation = '', output } of steps) {
      await call('action', () => predictAction(context, { solution, tools }, signal));
      if (tool === 'code') {
        await call('code', () => generateCode(context, { solution, step, language }, signal));
        await call('code-rewrite', () =>
          rewriteResult(context, { solution, kind: 'code', step, code, observation }, signal),
        );
      } else if (tool === 'search') {
        await call('query', () => generateQuery(context, { solution, step }, signal));
        await call('search-rewrite', () =>
          rewriteResult(context, { solution, kind: 'search', step, observation }, signal),
        );
      } else if (tool === 'math') await call('math', () => reasonMath(context, { solution, step }, signal));
      else await call('commonsense', () => reasonCommonsense(context, { solution, step }, signal));
      history.push({ step, output });
    }
    await call('action', () => predictAction(context, { solution, tools }, signal));
  }
  return all;
}

const styles = (['compact', 'few-shot', 'expert', 'husky-v1'] as const).filter(
  (style) => style !== 'husky-v1' || existsSync(join(wordingFolder(), 'manifest.json')) || existsSync(wordingFolder()),
);

test.each(styles)(
  'style %s: every trained prompt is what inference sends, and the completion what it expects',
  async (style) => {
    const prompts = loadPrompts(style);
    const language = style === 'husky-v1' ? 'python' : 'javascript';
    const input = join(folder, `${style}.jsonl`);
    writeLines(input, trajectories);
    const out = join(folder, style);
    const modelNames = Object.fromEntries(LOOP_MODULES.map((module) => [module, modelName]));
    const { manifest } = await extract({
      trajectories: input,
      out,
      prompts,
      modules: LOOP_MODULES,
      modelNames,
      tools,
      language,
      devShare: 0,
      maxTokens: 1e6,
    });
    const inference = await sent(prompts, language);
    for (const module of LOOP_MODULES) {
      const lines = readFileSync(join(out, module, 'train.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { prompt: string; completion: string });
      const requests = inference.get(module)!;
      expect(lines.length).toBe(manifest.statistics.modules[module]?.train);
      for (const { prompt, completion } of lines) {
        expect(requests.has(prompt)).toBe(true);
        // The scripted teacher plays the trajectory: a prompt that shows no question may belong to several steps.
        if (module === 'action' || module === 'code') expect(requests.get(prompt)).toBe(completion);
      }
    }
  },
);

test.each(['few-shot', 'expert'] as const)(
  'style %s: the argument generator is trained on what inference sends, and on a tool that was used alone',
  async (style) => {
    const input = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };
    const weather = { name: 'weather', description: 'Tells the weather of a place.', input };
    const step = { tool: 'weather', step: 'Ask for the weather of Oslo.', arguments: { place: 'Oslo' } };
    const told = { ...step, observation: '{"sky":"grey"}', output: 'It is grey in Oslo.' };
    const failed = { ...step, step: 'Ask for that of Bergen.', output: 'The tool failed.' };
    const source = join(folder, `arguments-${style}.jsonl`);
    writeLines(source, [mapTrajectory(7, { steps: [failed, told] })]);
    const prompts = loadPrompts(style);
    const out = join(folder, `arguments-${style}`);
    const { manifest } = await extract({
      trajectories: source,
      out,
      prompts,
      modules: ['action', 'arguments', 'search-rewrite'],
      tools: [weather],
      devShare: 0,
      maxTokens: 1e6,
    });
    expect(manifest.statistics.modules.arguments).toMatchObject({ train: 1, dropped: { 'no-result': 1 } });
    expect(manifest.statistics.modules['search-rewrite']?.train).toBe(1);
    const [example] = readFileSync(join(out, 'arguments', 'train.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    const { prompt, completion } = JSON.parse(example ?? '') as { prompt: string; completion: string };
    let request: GenerateRequest | undefined;
    const context: ActivityContext = {
      ...labContext([], () => {
        throw new Error('no model');
      }),
      prompts,
      model: async () => ({
        name: modelName,
        generate: async (one) => {
          request = one;
          const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
          return { text: completion, finishReason: 'stop', model: modelName, usage };
        },
      }),
    };
    const { question } = mapTrajectory(7);
    const history = [{ step: failed.step, output: failed.output }];
    const asked = { solution: { question, history }, step: told.step, tool: weather };
    const written = await generateArguments(context, asked, new AbortController().signal);
    expect(request?.prompt).toBe(prompt);
    expect(written.arguments).toEqual({ place: 'Oslo' });
  },
);
