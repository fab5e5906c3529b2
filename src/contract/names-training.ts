/** Names of the training workflows' messages. They never change; test/contract/names.test.ts pins them. */

export const QUESTION_DONE_SIGNAL = 'huskyQuestionDone';
export const PAUSE_SIGNAL = 'huskyPause';
export const RESUME_SIGNAL = 'huskyResume';
export const APPROVE_SIGNAL = 'huskyApprove';
export const SYNTHESIS_PROGRESS_QUERY = 'huskySynthesisProgress';
export const TRAINING_PROGRESS_QUERY = 'huskyTrainingProgress';
export const PIPELINE_PROGRESS_QUERY = 'huskyPipelineProgress';
