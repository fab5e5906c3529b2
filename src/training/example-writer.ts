/** Writes the examples of an extraction into the splits of their modules: each once, none too long, no tool beyond its share. */
import { join } from 'node:path';
import { LineFile } from '../files/line-file';
import { languageOf } from '../sandbox/program-language';
import type { ModuleName } from '../trajectory/modules';
import type { StatisticsCollector } from './extract-statistics';
import { HashSet, hashFraction } from './text-hash';
import type { TokenCounter } from './token-counter';
import type { ExampleSink, SkippedExample, TrainingExample } from './training-example';
import { trainingLine, type TrainingFormat } from './training-set';

export type Split = 'train' | 'dev';

export interface WriterSettings {
  modules: ReadonlySet<ModuleName>;
  format: TrainingFormat;
  language: 'javascript' | 'python';
  seed: number;
  /** Tokens of prompt and completion together. */
  maxTokens: number;
  tokens: TokenCounter;
  /** Share of each tool's actions that is kept; a tool that is not named keeps all. */
  keep: ReadonlyMap<string, number>;
}

export class ExampleWriter implements ExampleSink {
  /** Where the examples of the current question go. */
  split: Split = 'train';
  private readonly seen = new HashSet();
  private readonly files: Map<ModuleName, Record<Split, LineFile>>;

  constructor(
    folder: string,
    private readonly settings: WriterSettings,
    private readonly collector: StatisticsCollector,
  ) {
    const open = (module: ModuleName, split: Split) => new LineFile(join(folder, module, `${split}.jsonl`));
    this.files = new Map(
      [...settings.modules].map((module) => [module, { train: open(module, 'train'), dev: open(module, 'dev') }]),
    );
  }

  skipped(module: ModuleName, why: SkippedExample): void {
    this.collector.dropped(module, why);
  }

  example(example: TrainingExample): void {
    const { settings, collector, split } = this;
    const { format, language, seed, maxTokens, tokens, keep } = settings;
    const { module, id, tool, prompt, completion, identity } = example;
    if (!this.seen.add(identity)) return collector.dropped(module, 'duplicate');
    const length = tokens.count(prompt.text) + tokens.count(completion);
    if (length > maxTokens) return collector.dropped(module, 'too-long');
    if (module === 'action' && hashFraction(id, seed + 1) >= (keep.get(tool) ?? 1))
      return collector.dropped(module, 'balanced-out');
    if (format === 'prompt-completion' && tokens.merges?.(prompt.text, completion)) collector.mergedBorder(module);
    if (module === 'code' && (languageOf(completion) ?? language) !== language) collector.otherLanguage(module);
    this.files.get(module)?.[split].write(trainingLine(example, format));
    collector.example(example, split, length);
  }

  close(): void {
    for (const { train, dev } of this.files.values()) for (const file of [train, dev]) file.close();
  }
}
