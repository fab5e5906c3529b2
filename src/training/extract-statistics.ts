/** Statistics of an extraction. */
import type { ModuleName } from '../trajectory/modules';
import type { Trajectory } from '../trajectory/trajectory';
import type { TrainingExample } from './training-example';
import type { TrainingSetManifest } from './training-set';
import { tally } from '../trajectory/tally';

/** Upper bounds of the token histogram's bars; the last is open. */
const TOKEN_BOUNDS = [64, 128, 256, 512, 1024, 2048, 4096, 8192] as const;

type ExtractionStatistics = TrainingSetManifest['statistics'];

/** Collects the statistics of a manifest. */
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
    tally(this.statistics.rejections, reason);
  }

  kept({ steps }: Trajectory): void {
    this.statistics.trajectories.kept += 1;
    tally(this.statistics.steps, String(steps.length));
    for (const { tool } of steps) tally(this.statistics.tools, tool);
  }

  question(split: 'train' | 'dev'): void {
    this.statistics.trajectories.questions[split] += 1;
  }

  dropped(module: ModuleName, why: string): void {
    const entry = this.statistics.modules[module];
    if (entry) tally(entry.dropped, why);
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
    tally(entry.tools, example.tool);
    const bar = TOKEN_BOUNDS.findIndex((bound) => tokens <= bound);
    const at = bar < 0 ? TOKEN_BOUNDS.length : bar;
    entry.tokens[at] = (entry.tokens[at] ?? 0) + 1;
    entry.maxTokens = Math.max(entry.maxTokens, tokens);
  }
}
