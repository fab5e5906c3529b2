/** Statistics of an extraction. */
import type { ModuleName } from '../trajectory/modules';
import type { Trajectory } from '../trajectory/trajectory';
import type { TrainingExample } from './training-example';

/** Upper bounds of the token histogram's bars; the last is open. */
const TOKEN_BOUNDS = [64, 128, 256, 512, 1024, 2048, 4096, 8192] as const;

type Counts = Record<string, number>;

interface ModuleStatistics {
  train: number;
  dev: number;
  /** Dropped: `duplicate`, `too-long`, `balanced-out`, and reasons of {@link SkippedExample}. */
  dropped: Counts;
  tools: Counts;
  /** Examples by length of prompt and completion together, one count for each of {@link TOKEN_BOUNDS} and one above. */
  tokens: number[];
  maxTokens: number;
  /** Examples whose border between prompt and completion the base's tokenizer merges; absent without a tokenizer. */
  mergedBorders?: number;
  /** Programs that are plainly written in another language than the prompts ask for; absent where there are none. */
  otherLanguage?: number;
}

export interface ExtractionStatistics {
  trajectories: { read: number; kept: number; questions: { train: number; dev: number } };
  /** Why trajectories were left out, by reason. */
  rejections: Counts;
  /** Kept trajectories by number of steps. */
  steps: Counts;
  /** Steps of kept trajectories by tool. */
  tools: Counts;
  modules: Partial<Record<ModuleName, ModuleStatistics>>;
}

/** Collects {@link ExtractionStatistics}. */
export class StatisticsCollector {
  readonly statistics: ExtractionStatistics = {
    trajectories: { read: 0, kept: 0, questions: { train: 0, dev: 0 } },
    rejections: {},
    steps: {},
    tools: {},
    modules: {},
  };

  constructor(modules: Iterable<ModuleName>) {
    for (const module of modules) {
      const tokens = Array.from({ length: TOKEN_BOUNDS.length + 1 }, () => 0);
      this.statistics.modules[module] = { train: 0, dev: 0, dropped: {}, tools: {}, tokens, maxTokens: 0 };
    }
  }

  read(): void {
    this.statistics.trajectories.read += 1;
  }

  rejected(reason: string): void {
    bump(this.statistics.rejections, reason);
  }

  kept({ steps }: Trajectory): void {
    this.statistics.trajectories.kept += 1;
    bump(this.statistics.steps, String(steps.length));
    for (const { tool } of steps) bump(this.statistics.tools, tool);
  }

  question(split: 'train' | 'dev'): void {
    this.statistics.trajectories.questions[split] += 1;
  }

  dropped(module: ModuleName, why: string): void {
    const entry = this.statistics.modules[module];
    if (entry) bump(entry.dropped, why);
  }

  mergedBorder(module: ModuleName): void {
    const entry = this.statistics.modules[module];
    if (entry) entry.mergedBorders = (entry.mergedBorders ?? 0) + 1;
  }

  otherLanguage(module: ModuleName): void {
    const entry = this.statistics.modules[module];
    if (entry) entry.otherLanguage = (entry.otherLanguage ?? 0) + 1;
  }

  example(example: TrainingExample, split: 'train' | 'dev', tokens: number): void {
    const entry = this.statistics.modules[example.module];
    if (!entry) return;
    entry[split] += 1;
    bump(entry.tools, example.tool);
    const bar = TOKEN_BOUNDS.findIndex((bound) => tokens <= bound);
    const at = bar < 0 ? TOKEN_BOUNDS.length : bar;
    entry.tokens[at] = (entry.tokens[at] ?? 0) + 1;
    entry.maxTokens = Math.max(entry.maxTokens, tokens);
  }
}

function bump(counts: Counts, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
