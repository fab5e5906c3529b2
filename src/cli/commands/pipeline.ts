/** `husky pipeline FILE`: from questions to evaluated experts, in rounds. */
import { relative } from 'node:path';
import type { Command } from 'commander';
import { writeAtlasQa } from '../../atlas';
import { planRun } from '../../evaluation/plan-run';
import { countQuestions } from '../../formats/question';
import { percent } from '../../scoring/statistics';
import { readPipelineFile, readPipelineQuestions } from '../../training/pipeline-file';
import { APPROVE_SIGNAL, PIPELINE_PROGRESS_QUERY } from '../../contract/names-training';
import type { PipelinePlan, PipelineProgress, StageReport } from '../../contract/pipeline';
import { TestQuestions } from '../../training/decontaminate';
import { addConnectionOptions } from '../options/command-config';
import { runTraining, type TrainingFlags } from '../session/training-session';

const WAITS: StageReport['state'] = 'waiting-for-approval';

const HELP = `
A pipeline file names a dataset, a teacher, modules, a trainer and a test set; docs/training.md has one to start from. A stage whose
inputs have not changed is skipped. When a stage waits for approval: temporal ${approvalOf('ID')}`;

export function registerPipeline(program: Command): void {
  const command = program
    .command('pipeline')
    .description('synthesize, extract, train and evaluate from one file, in rounds')
    .argument('<file>', 'YAML file')
    .option('--queue <name>', 'of GPU hosts that train (husky worker --roles train; default: this process trains)')
    .option('--json', 'print the final report as JSON');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async (file: string, flags: TrainingFlags & { queue?: string }) => {
      const plan = readPipelineFile(file);
      const questions = readPipelineQuestions(file);
      await checkDatasets(plan, questions?.out);
      process.exitCode = await runTraining<PipelineProgress>(flags, {
        command: 'pipeline',
        workflow: 'huskyPipeline',
        summary: `pipeline of ${file}`,
        priority: 'synthesis',
        input: { plan, trainQueue: flags.queue },
        out: plan.out,
        prepare: questions && { from: questions, make: () => writeAtlasQa(questions) },
        status: async (handle, temporal) => {
          const { stages } = (await handle.query(PIPELINE_PROGRESS_QUERY)) as PipelineProgress;
          const last = stages.at(-1);
          return last && `${line(last)}${last.state === WAITS ? `: ${temporal(approvalOf(handle.workflowId))}` : ''}`;
        },
        report: ({ stages, rounds, best }, terminal) => {
          for (const stage of stages) terminal.line(line(stage));
          for (const { round, correct, total, accuracy, experts } of rounds)
            terminal.line(
              `round ${round}: ${correct} of ${total} right (${percent(accuracy)} %)${round === best ? '  best' : ''}  ${experts}`,
            );
        },
      });
    });
}

/**
 * Tells what cannot be asked before anything starts; the stage that reads it may begin days later.
 *
 * @param made folder whose datasets the pipeline itself writes
 */
async function checkDatasets({ synthesize, extract, evaluate }: PipelinePlan, made: string | undefined) {
  const isGiven = (file: string) => made === undefined || relative(made, file).startsWith('..');
  if (isGiven(synthesize.dataset)) await countQuestions(synthesize.dataset);
  for (const file of extract.testSets.filter(isGiven)) await new TestQuestions().addFile(file);
  if (evaluate.tasks.every(({ file }) => isGiven(file))) await planRun(evaluate);
}

/** Of Temporal's CLI. */
function approvalOf(workflowId: string): string {
  return `workflow signal --workflow-id ${workflowId} --name ${APPROVE_SIGNAL}`;
}

function line({ round, stage, state, summary = '' }: StageReport): string {
  return `round ${round} ${stage}: ${state.replaceAll('-', ' ')}  ${summary}`.trimEnd();
}
