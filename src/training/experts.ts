/** Reads a folder of trained experts, with a folder for each module, as the train workflow writes it. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createFailure } from '../failures';
import { MODULES, type ModuleName } from '../trajectory/modules';

const resultSchema = z.object({
  module: z.enum(MODULES),
  /** Absent for one that another program has trained. */
  steps: z.number().optional(),
  loss: z.number().optional(),
  devLoss: z.number().optional(),
  contextTokens: z.number().optional(),
  weights: z.string().optional(),
});
const jobSchema = z.object({
  base: z.string(),
  backend: z.string(),
  /** Folder of the training set, where it was when the expert was trained. */
  data: z.string().optional(),
});

/** `adapter`: LoRA of a base. `full`: a Hugging Face model. `gguf`: a file that llama.cpp runs. */
export type ExpertFormat = 'adapter' | 'full' | 'gguf' | 'unknown';

export interface ExpertRecord extends z.infer<typeof resultSchema>, z.infer<typeof jobSchema> {
  /** Folder of the weights, or the GGUF file. */
  model: string;
  format: ExpertFormat;
  rank?: number;
  /** The adapter as a GGUF file, if the trainer could write one. */
  adapterFile?: string;
}

/** @throws InputInvalid when the folder holds no trained expert */
export async function listExperts(folder: string): Promise<ExpertRecord[]> {
  const found = await Promise.all(
    MODULES.map(
      async (module) => (await readExpert(join(folder, module))) ?? readForeign(join(folder, module), module),
    ),
  );
  const experts = found.filter((expert) => expert !== undefined);
  if (experts.length === 0)
    throw createFailure(
      'InputInvalid',
      `${folder} holds no trained expert (npx temporal-husky train --out ${folder} makes them). What another program has trained lies in a folder named after its module, such as ${join(folder, 'action')}: a PEFT adapter, a Hugging Face model or a GGUF file.`,
    );
  return experts;
}

async function readExpert(folder: string): Promise<ExpertRecord | undefined> {
  const text = await readFile(join(folder, 'result.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { result } = z.object({ result: resultSchema }).parse(JSON.parse(text));
  const job = jobSchema.parse(JSON.parse(await readFile(join(folder, 'job.json'), 'utf8')));
  return { ...result, ...job, ...(await weightsOf(join(folder, 'model'))) };
}

/** What TRL, axolotl, unsloth and others write: the weights in the module's own folder. */
async function readForeign(folder: string, module: ModuleName): Promise<ExpertRecord | undefined> {
  const found = await weightsOf(folder);
  if (found.format === 'unknown') return undefined;
  const { base_model_name_or_path: base } = adapterSchema
    .partial()
    .parse(found.format === 'adapter' ? await readJsonFile(join(folder, 'adapter_config.json')) : {});
  return { module, base: base ?? '', backend: 'other', ...found };
}

const adapterSchema = z.object({ r: z.number(), base_model_name_or_path: z.string() });
const readJsonFile = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

async function weightsOf(folder: string): Promise<Pick<ExpertRecord, 'model' | 'format' | 'rank' | 'adapterFile'>> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const gguf = names.find((name) => name.endsWith('.gguf'));
  if (gguf && !names.includes('adapter_config.json')) return { model: join(folder, gguf), format: 'gguf' };
  if (names.includes('adapter_config.json')) {
    const { r } = adapterSchema.pick({ r: true }).parse(await readJsonFile(join(folder, 'adapter_config.json')));
    const adapter = gguf ? { adapterFile: join(folder, gguf) } : {};
    return { model: folder, format: 'adapter', rank: r, ...adapter };
  }
  return { model: folder, format: existsSync(join(folder, 'config.json')) ? 'full' : 'unknown' };
}
