/** The stages of a pipeline: each is skipped when it has finished with the same inputs, and may wait for approval. */
import { condition, setCurrentDetails } from '@temporalio/workflow';
import { huskyActivities } from '../call-activities';
import type { PipelineActivities } from '../../activities/lab/pipeline';
import type { PipelinePlan, PipelineStage, StageReport } from '../../contract/pipeline';
import { folderOf } from './pipeline-round';

export const files = huskyActivities<PipelineActivities>({
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

export interface StageWork<Result> {
  parameters: unknown;
  paths: string[];
  summary: (result: Result) => string;
  work: (key: string) => Promise<Result>;
}

export interface StageOutcome<Result> {
  /** Names folders whose content belongs to the stage's inputs. */
  key: string;
  result: Result;
}

export class PipelineStages {
  readonly reports: StageReport[] = [];
  private approvals = 0;

  constructor(private readonly plan: PipelinePlan) {}

  approve(): void {
    this.approvals += 1;
  }

  /** Runs a stage, unless it has finished with the same inputs. */
  async run<Result>(
    round: number,
    stage: PipelineStage,
    { parameters, paths, summary, work }: StageWork<Result>,
  ): Promise<StageOutcome<Result>> {
    const folder = folderOf(this.plan, round);
    const { key: inputs, result } = await files.readStage({ folder, stage, parameters, paths });
    const key = inputs.slice(0, 12);
    const report: StageReport = { round, stage, state: 'running' };
    this.reports.push(report);
    if (result !== undefined) {
      report.state = 'skipped';
      report.summary = summary(result as Result);
      this.show();
      return { key, result: result as Result };
    }
    if (this.plan.approval === stage) {
      report.state = 'waiting-for-approval';
      this.show();
      const before = this.approvals;
      await condition(() => this.approvals > before);
    }
    report.state = 'running';
    this.show();
    const made = await work(key);
    await files.recordStage({ folder, stage, key: inputs, result: made });
    report.state = 'done';
    report.summary = summary(made);
    this.show();
    return { key, result: made };
  }

  /** Shows all stages in the Temporal UI. */
  show(): void {
    setCurrentDetails(
      this.reports
        .map(({ round, stage, state, summary = '' }) => `- round ${round} **${stage}** ${state} ${summary}`)
        .join('\n'),
    );
  }
}
