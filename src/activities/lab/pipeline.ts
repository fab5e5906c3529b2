/** The activities of the pipeline workflow. */
import { cancelled } from '@temporalio/activity';
import { createFailure } from '../../failures';
import { loadPrompts } from '../../prompts';
import { configuredTools } from '../../training/configured-tools';
import { extract } from '../../training/extract';
import { recordStage, stageState } from '../../training/stage-record';
import { writeServingFiles } from '../../training/write-serving';
import type { ExtractStage, ServeStage, StageInputs, StageState, Teacher } from '../../contract/pipeline';
import type { ModuleName } from '../../trajectory/modules';
import type { PromptSet } from '../../prompts/prompt';
import { withHeartbeat, withProgress } from '../../runtime/heartbeat';

/** Workers that answer for a teacher on a queue of their own, inside this process. */
export interface HostedTeacher {
  /** Rejects when they fail. */
  failed: Promise<never>;
  stop(): Promise<void>;
}
export interface HostTeacherInput {
  teacher: Teacher;
  taskQueue: string;
  temperature?: number;
  style?: string;
}
export type HostTeacher = (request: HostTeacherInput) => Promise<HostedTeacher>;

export interface ExtractInput {
  /** Folders or files of trajectories, of all rounds. */
  trajectories: string[];
  out: string;
  settings: ExtractStage;
}
export interface ExtractResult {
  kept: number;
  read: number;
  examples: Partial<Record<ModuleName, number>>;
  empty: ModuleName[];
}

export interface WriteServingInput {
  folder: string;
  style: string;
  serve: ServeStage;
}

export interface PipelineOptions {
  /** Without it a pipeline cannot synthesize or evaluate on this worker. */
  host?: HostTeacher;
  /** @default the prompts of the style asked for */
  prompts?: PromptSet;
}

export function createPipelineActivities({ host, prompts }: PipelineOptions = {}) {
  return {
    /** The stage's key, and its result when it is finished with the same inputs. */
    readStage: (inputs: StageInputs): Promise<StageState> => withHeartbeat(() => stageState(inputs)),

    recordStage: (record: { folder: string; stage: string; key: string; result: unknown }): Promise<void> =>
      withHeartbeat(async () => recordStage(record.folder, record.stage, record.key, record.result)),

    /** Polls `taskQueue` for a teacher until it is cancelled. */
    hostTeacher: (input: HostTeacherInput): Promise<void> =>
      withProgress({ taskQueue: input.taskQueue }, async () => {
        if (!host)
          throw createFailure(
            'ConfigurationInvalid',
            'This worker cannot host teachers; run the pipeline with npx temporal-husky pipeline.',
          );
        const hosted = await host(input);
        try {
          await Promise.race([cancelled(), hosted.failed]);
        } finally {
          await hosted.stop();
        }
      }),

    extractTrainingSet: ({ trajectories, out, settings }: ExtractInput): Promise<ExtractResult> =>
      withProgress<{ trajectories: number }, ExtractResult>({ trajectories: 0 }, async (signal, report) => {
        const { style, ngram, config, tools = [], ...rest } = settings;
        const missing: string[] = [];
        const configured = config === undefined ? [] : await configuredTools(config, (line) => missing.push(line));
        const known = new Set(tools.map(({ name }) => name));
        const { manifest, empty } = await extract({
          ...rest,
          ...{ trajectories, out, signal },
          missing,
          tools: [...tools, ...configured.filter(({ name }) => !known.has(name))],
          prompts: prompts ?? loadPrompts(style),
          decontamination: { ngram },
          onProgress: (count) => report({ trajectories: count }),
        });
        const { trajectories: seen, modules } = manifest.statistics;
        const examples = Object.fromEntries(Object.entries(modules).map(([module, { train }]) => [module, train]));
        return { kept: seen.kept, read: seen.read, examples, empty };
      }),

    /** Writes husky.yaml and the scripts that serve the experts beside them. @returns the configuration's path */
    writeServing: ({ folder, style, serve }: WriteServingInput): Promise<string> =>
      withHeartbeat(() => writeServingFiles(folder, style, serve)),
  };
}

export type PipelineActivities = ReturnType<typeof createPipelineActivities>;
