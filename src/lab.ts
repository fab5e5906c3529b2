/**
 * The lab, `temporal-husky/lab`: synthesis, extraction, training, evaluation and scoring for programs. What the commands do, this does.
 *
 * Long work is a workflow, as in the commands: a worker with the role `lab` serves it, a client starts it on the lab's queue.
 *
 * @module
 *
 * @example
 * ```ts
 * const workers = await createHuskyWorkers({ connection, config: loadConfig(), roles: [...SOLVE_ROLES, 'lab'] });
 * const running = workers.run();
 * const progress = await client.workflow.execute<typeof huskyEvaluate>('huskyEvaluate', {
 *   taskQueue: QUEUES.lab,
 *   workflowId: 'evaluation-1',
 *   args: [{ settings }],
 * });
 * ```
 */
import './process/require-node';
import './process/require-core';

export { HuskyLabPlugin } from './lab-plugin';
export { createHuskyWorkers, type HuskyWorkers, type HuskyWorkersOptions, type LabWorkerOptions } from './worker';
export { SOLVE_ROLES, WORKER_ROLES, type WorkerRole } from './contract/roles';
export type { LabActivityOptions } from './activities/lab';
export { createTeacherHost } from './teacher-host';
export type { HostedTeacher, HostTeacher, HostTeacherInput } from './activities/lab/pipeline';
export { QUEUES } from './contract/names';

export type { EvaluatedSystem, EvaluationProgress, EvaluationSettings, EvaluationTask } from './contract/evaluation';
export type { SynthesisProgress, SynthesisSettings } from './contract/synthesis';
export type { TrainedModule, TrainingJob, TrainingSettings, TrainResult } from './contract/training';
export type { PipelinePlan, PipelineProgress, Teacher } from './contract/pipeline';
export type { QuestionMakingProgress, QuestionMakingSettings } from './contract/question-making';

export { programEnvironment, type ProgramUnderEvaluation } from './evaluation/command-system';
export { readRun, readSamples, type RunDirectory, type Sample } from './formats/run';
export { compareRuns, type Comparison } from './evaluation/compare';
export { buildReport, type ReportOptions } from './evaluation/report/build-report';

export { findTask, taskNames, type Task } from './scoring/tasks';
export { findMetric, metricNames } from './scoring/metrics/registry';
export type { Gold, Metric, MetricInput, Verdict } from './scoring/metric';
export { scoreFile, type ScoredLine, type ScoreFileInput, type ScoreFileSummary } from './scoring/score-file';

export { readTrajectories, trajectoryFiles } from './formats/trajectory';
export type { QuestionIndex, Trajectory, TrajectoryStep } from './trajectory/trajectory';
export { importSolutions, type ImportOptions, type ImportReport } from './training/import-solutions';
export { extract, type Extraction, type ExtractOptions } from './training/extract';
export { readPipelineFile } from './training/pipeline-file';
export { trainModule, type TrainModuleOptions } from './training/train-module';
export { TRAINER_BACKENDS, trainerBackend, trainingSettings, type TrainerBackend } from './training/trainers';
export { listExperts, type ExpertRecord } from './training/experts';
export { servingPlan, type ServingOptions, type ServingPlan } from './training/serving';
