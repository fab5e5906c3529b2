/**
 * Workflow-safe door to everything, `temporal-husky/workflows/lab`: solving, and around it synthesis, training and evaluation. Only a
 * worker that takes part in these needs it; see docs/operating.md.
 *
 * @module
 */
export * from './workflows';
export { huskyEvaluate, evaluationProgress, type EvaluateInput } from './workflows/lab/evaluate';
export { huskyEvaluateQuestion, huskyEvaluateQuestions } from './workflows/lab/evaluate-question';
export { huskyMakeQuestions, questionMakingProgress, type MakeQuestionsInput } from './workflows/lab/make-questions';
export {
  huskySynthesize,
  pauseSynthesis,
  resumeSynthesis,
  questionDone,
  synthesisProgress,
  type SynthesizeInput,
} from './workflows/lab/synthesize';
export { huskySynthesizeQuestion, type SynthesizeQuestionInput } from './workflows/lab/synthesize-question';
export { huskyTrain, trainingProgress, type TrainInput } from './workflows/lab/train';
export { approvePipeline, huskyPipeline, pipelineProgress, type PipelineInput } from './workflows/lab/pipeline';
export * from './contract/names-training';
export * from './contract/names-evaluation';
