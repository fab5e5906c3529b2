/**
 * Names of the training workflows' messages. They never change; test/training/formats.test.ts pins them.
 *
 * @module
 */

export const QUESTION_DONE_SIGNAL = 'questionDone';
export const PAUSE_SIGNAL = 'pause';
export const RESUME_SIGNAL = 'resume';
export const APPROVE_SIGNAL = 'approve';
export const SYNTHESIS_PROGRESS_QUERY = 'synthesisProgress';
export const TRAINING_PROGRESS_QUERY = 'trainingProgress';
export const PIPELINE_PROGRESS_QUERY = 'pipelineProgress';
