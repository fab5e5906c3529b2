/** The configuration: one schema, one loader. YAML or JSON; every option is documented where it is declared. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { configFile, type LoadConfigOptions } from './files/config-file';
import { sha256OfJson } from './files/fingerprint';
import { readYaml } from './files/yaml-file';
import { describeIssue } from './formats/describe-issue';
import { createFailure } from './failures';
import { environmentConfig } from './models/environment-config';
import { approvalConfigSchema, unknownRule } from './loop/approval-config';
import { isHubReference } from './models/hub/hub-reference';
import { modelConfigSchema, type ModelConfig } from './models/model-config';
import { PROMPT_STYLES } from './prompts/prompt';
import { styleContradictions } from './prompts/style-contradictions';
import { searchConfigSchema } from './search/search-config';
import { EXPERTS, expertOf, MODULES, type Expert, type ModuleName } from './trajectory/modules';
import { MAX_SAMPLES, MAX_STEPS } from './contract/profile';
import { mcpSchema, offeredName } from './tools/mcp/mcp-config';
import { toolSchema } from './tools/tool-config';
import { BUILT_IN_TOOLS } from './trajectory/step';
import { PYTHON_BACKENDS, SANDBOX_LEVELS } from './sandbox/sandbox';

const duration = (defaultMs: number) => z.number().int().positive().default(defaultMs);

export const configSchema = z.strictObject({
  /**
   * For which models the prompts are: instruction-tuned ones (`instruct`), teachers, as in the paper (`few-shot`), the released checkpoints
   * (`husky-v1`), experts that you trained (`expert`), the bundled experts (`compact`). Or a folder of your own prompts; docs/models.md.
   * @default 'instruct'
   */
  prompts: z
    .union([z.enum(PROMPT_STYLES), z.string().regex(/[/\\]/, 'a style or a folder, such as ./prompts')])
    .default('instruct'),
  /** How the loop guides untrained models (`prompts: instruct` or a folder); docs/models.md. */
  guidance: z
    .strictObject({
      /** Most answers to the whole question; the loop asks until two agree. 1 takes the first. @default 5 */
      votes: z.number().int().min(1).max(15).default(5),
      /** Results of at most so many characters are not rewritten by a model. @default 300 */
      shortResult: z.number().int().min(0).default(300),
      /** Independent facts that are looked up at the same time; docs/samples.md. @default one after the other */
      parallel: z.number().int().min(1).max(8).optional(),
      /** Guides trained experts (`prompts: expert`), too. @default false */
      experts: z.boolean().optional(),
    })
    .prefault({}),
  /** Built-in tools that are offered; a solution may ask for fewer. @default all */
  builtInTools: z
    .array(z.enum(BUILT_IN_TOOLS))
    .min(1)
    .default([...BUILT_IN_TOOLS]),
  /** One model per expert. */
  models: z
    .strictObject({
      /** Serves every expert that is not named. */
      default: modelConfigSchema.optional(),
      ...(Object.fromEntries(MODULES.map((module) => [module, modelConfigSchema.optional()])) as Record<
        ModuleName,
        z.ZodOptional<typeof modelConfigSchema>
      >),
    })
    .superRefine((models, context) => {
      for (const expert of EXPERTS)
        if (!models[expert] && !models.default)
          context.addIssue({
            code: 'custom',
            path: [expert],
            message: 'no model; name one here or under models.default',
          });
    }),
  /** Compares answers with labels (metric `judge`). @default the commonsense reasoner's */
  judge: modelConfigSchema.optional(),
  search: searchConfigSchema.prefault({}),
  sandbox: z
    .strictObject({
      /** Language of the programs. @default 'javascript' */
      language: z.enum(['javascript', 'python']).default('javascript'),
      /** The weakest level that you accept; docs/security.md. @default 'process' */
      require: z.enum(SANDBOX_LEVELS).default('process'),
      /** What runs Python; docs/security.md. `auto` decides by the machine and the program. @default 'auto' */
      python: z.enum(PYTHON_BACKENDS).default('auto'),
      /** Milliseconds that a program may take. @default 10000 (Husky-v1) */
      timeoutMs: duration(10_000),
      /** MiB that a program may use. @default 128 for JavaScript, 512 for Python */
      memoryMb: z.number().int().positive().optional(),
      /** Programs at a time. @default one for each processor and 800 MiB of free memory */
      concurrency: z.number().int().positive().optional(),
      /** Started processes of each language, in reserve. @default 1 */
      spares: z.number().int().min(0).optional(),
      /** How output is read; docs/husky-v1.md. @default 'default' */
      outputStyle: z.enum(['default', 'husky-v1']).default('default'),
      /** Characters of output kept. @default 4000 */
      maxOutputChars: z.number().int().positive().default(4000),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Steps of a solution. @default 10 */
      maxSteps: z.number().int().min(1).max(MAX_STEPS).default(10),
      /** Input and output tokens of all calls; 0 is no limit. @default 0 */
      maxTokens: z.number().int().min(0).default(0),
      /** Milliseconds until the best answer so far is returned; 0 is no limit. @default 0 */
      deadlineMs: z.number().int().min(0).default(0),
      /** Repairs of a failing program in a step. @default 2 */
      maxRepairs: z.number().int().min(0).max(10).default(2),
      /** Cost of all calls, by the models' `price`; 0 is no limit. @default 0 */
      money: z.number().min(0).default(0),
      /** Characters of a question; longer ones are refused. @default 400000 */
      maxQuestionChars: z.number().int().positive().max(400_000).default(400_000),
    })
    .prefault({}),
  /** Most solutions of a question that vote on its answer; docs/samples.md. @default 1 */
  samples: z.number().int().min(1).max(MAX_SAMPLES).default(1),
  /** Steps that wait for a person; docs/people.md. */
  approval: approvalConfigSchema.prefault({}),
  /** Tools of your own. */
  tools: z.array(toolSchema).default([]),
  /** MCP servers by name. */
  mcp: mcpSchema.default({}),
  queues: z
    .strictObject({
      /** In front of every queue name, so that teams can share a namespace. @default none */
      prefix: z
        .string()
        .regex(/^[\w.-]*$/)
        .default(''),
      /**
       * `shared`: all activities on the solution's own queue (one host). `separate`: a queue for each expert (GPU hosts). @default 'auto':
       * shared when one process holds all roles
       */
      mode: z.enum(['auto', 'shared', 'separate']).default('auto'),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      /** Milliseconds of one attempt of a model call. @default 600000 */
      modelMs: duration(600_000),
      /** Milliseconds of one attempt of a search. @default 60000 */
      searchMs: duration(60_000),
      /** Milliseconds without a sign of life until another worker gets the call. @default 10000 */
      heartbeatMs: duration(10_000),
    })
    .prefault({}),
  retry: z
    .strictObject({
      /** Milliseconds before the first retry; each further wait is twice as long. @default 1000 */
      initialMs: duration(1000),
      /** Most milliseconds between retries. @default 30000 */
      maximumMs: duration(30_000),
      /** Attempts of a call; 0 is no limit, so a solution waits for its model. @default 0 */
      maximumAttempts: z.number().int().min(0).default(0),
    })
    .prefault({}),
  /** Where an activity of several steps records finished calls; docs/operating.md#journals. @default 'server' */
  journal: z.enum(['server', 'file']).default('server'),
  /** Folder of `journal: file`. @default temporal-husky/journals in the user's data folder */
  journalFolder: z.string().min(1).optional(),
  /**
   * Steps that share one activity (docs/operating.md#journals); 0 makes each call an activity. Needs shared queues. With `journal: file` 0
   * means 20; evaluation and synthesis use 8. @default 0
   */
  stepsPerActivity: z.number().int().min(0).max(50).default(0),
  temporal: z
    .strictObject({
      /** `host:port` of the server. @default TEMPORAL_ADDRESS or Temporal's profile, else a local server */
      address: z.string().optional(),
      /** Namespace at that server. @default 'default' */
      namespace: z.string().default('default'),
      /** Module that exports (`default`, `codec` or `payloadCodec`) the PayloadCodec of commands and their workers. @default none */
      codec: z.string().optional(),
    })
    .prefault({}),
  /** Sets HuskyStopReason and HuskySteps; docs/sizing.md#on-postgres shows how to make them. @default false */
  searchAttributes: z.boolean().default(false),
});

export type HuskyConfig = z.output<typeof configSchema>;
export type HuskyConfigInput = z.input<typeof configSchema>;

/** What no option can see alone. Tools of MCP servers are called by the server's name and theirs. */
function contradictions(config: HuskyConfig): string[] {
  const { approval, tools, mcp } = config;
  const ofServer = (name: string) => Object.keys(mcp).some((server) => name.startsWith(offeredName(server, '')));
  const rule = unknownRule(
    approval.steps.filter((name) => !ofServer(name)),
    tools,
  );
  return [...styleContradictions(config), ...(rule === undefined ? [] : [`approval.steps: ${rule}`])];
}

/** Checks a configuration given as an object. @throws ConfigurationInvalid naming every problem with its path */
export function parseConfig(input: unknown, from = 'the configuration'): HuskyConfig {
  const result = configSchema.safeParse(input);
  const problems = result.success
    ? contradictions(result.data)
    : result.error.issues.map((issue) => describeIssue(issue, '(top level)'));
  if (result.success && problems.length === 0) return withApi(result.data);
  throw createFailure('ConfigurationInvalid', `${from}: ${problems.join('; ')}.`);
}

/** Instruction-tuned models are asked through their chat template, fine-tuned experts by text, unless a model's `api` says otherwise. */
export function withApi(config: HuskyConfig): HuskyConfig {
  const api = config.prompts === 'instruct' || isFolder(config.prompts) ? 'chat' : 'completions';
  for (const model of everyModel(config)) if (model.provider === 'openai') model.api ??= api;
  return config;
}

const isFolder = (prompts: string) => /[/\\]/.test(prompts);

/** The models of all experts, of tools and of the judge, and those that stand behind them. */
export const everyModel = ({ models, tools, judge }: HuskyConfig) =>
  [...Object.values(models), ...tools.map(({ model }) => model), judge].flatMap((model) =>
    model ? [model, ...(model.fallback ?? [])] : [],
  );

/**
 * Finds the configuration: a file; else `OPENAI_BASE_URL` (or `OPENAI_API_KEY`) with `HUSKY_MODEL`; else the bundled experts. Models
 * are found so, too, where a file names none.
 *
 * @throws ConfigurationInvalid naming the file, line or option at fault
 */
export function loadConfig(options: LoadConfigOptions = {}): HuskyConfig {
  const { env = process.env } = options;
  const path = configFile(options);
  if (path) return fromFile(path, env);
  return withoutFile(env);
}

const namesModel = (env: NodeJS.ProcessEnv) => Boolean(env.OPENAI_BASE_URL || env.OPENAI_API_KEY);

function withoutFile(env: NodeJS.ProcessEnv): HuskyConfig {
  return namesModel(env) ? parseConfig(environmentConfig(env), 'the environment') : bundledConfig();
}

/**
 * A file that names no models has those that there are without a file: an index of one's own needs no model. The bundled experts know one
 * style of prompts only, so a file that names prompts has the environment's model or none.
 */
function withModels(file: Record<string, unknown>, env: NodeJS.ProcessEnv): Record<string, unknown> {
  if (typeof file !== 'object' || 'models' in file) return file;
  if ('prompts' in file && !namesModel(env)) return file;
  // Not parsed yet: how a model is asked depends on the file's prompts.
  const { models, prompts } = namesModel(env) ? environmentConfig(env) : bundledConfig();
  return { models, prompts, ...file };
}

function fromFile(path: string, env: NodeJS.ProcessEnv): HuskyConfig {
  const file = readYaml(path, 'configuration file', 'ConfigurationInvalid') ?? {};
  const config = parseConfig(withModels(file as Record<string, unknown>, env), path);
  const beside = (file: string) => resolve(dirname(path), file);
  for (const model of everyModel(config))
    if (model.provider === 'gguf') {
      if (!isHubReference(model.path)) model.path = beside(model.path);
      if (model.lora) model.lora = beside(model.lora);
    }
  for (const server of Object.values(config.mcp))
    if (server.command !== undefined) server.cwd = beside(server.cwd ?? '.');
  if (config.search.index) config.search.index = beside(config.search.index);
  if (isFolder(config.prompts)) config.prompts = beside(config.prompts);
  if (config.temporal.codec) config.temporal.codec = beside(config.temporal.codec);
  if (config.journalFolder) config.journalFolder = beside(config.journalFolder);
  return config;
}

const bundledManifestSchema = z.object({
  style: z.literal('compact'),
  contextTokens: z.number().int().positive().default(1024),
  models: z.object(Object.fromEntries(EXPERTS.map((expert) => [expert, z.string()])) as Record<Expert, z.ZodString>),
});

/** The tiny experts that come with the package, run in process; models/README.md says what they can do. */
export function bundledConfig(): HuskyConfig {
  const folder = join(__dirname, '../models');
  const manifest = bundledManifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const gguf = (file: string): ModelConfig => ({
    provider: 'gguf',
    path: join(folder, file),
    model: file.replace(/\.gguf$/, ''),
    // Models of a few megabytes are faster without the way to a GPU, and answer the same on every machine.
    gpuLayers: 0,
    threads: 1,
    contextTokens: manifest.contextTokens,
  });
  return parseConfig({
    prompts: manifest.style,
    models: Object.fromEntries(EXPERTS.map((expert) => [expert, gguf(manifest.models[expert])])),
  });
}

/** The model of a module: that of the tool whose arguments it writes, its own, that of the commonsense reasoner for rewriting, or the default. */
export function modelOf({ models, tools }: HuskyConfig, module: ModuleName, tool?: string): ModelConfig {
  const ofTool = tool === undefined ? undefined : tools.find(({ name }) => name === tool)?.model;
  const model = ofTool ?? models[module] ?? models[expertOf(module)] ?? models.default;
  if (!model) throw createFailure('ConfigurationInvalid', `No model for ${module}.`);
  return model;
}

/** Eight hexadecimal digits that differ when the configuration does. */
export function configFingerprint(config: HuskyConfig): string {
  return sha256OfJson(config).slice(0, 8);
}
