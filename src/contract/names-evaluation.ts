/** Names of the evaluation workflows. They never change; test/contract/names.test.ts pins them. */

export const EVALUATION_PROGRESS_QUERY = 'huskyEvaluationProgress';
export const QUESTION_MAKING_PROGRESS_QUERY = 'huskyQuestionMakingProgress';
