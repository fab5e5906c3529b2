/**
 * The workflows of synthesis, training and pipelines, with their messages.
 *
 * @module
 */
export {
  synthesize,
  pauseSynthesis,
  resumeSynthesis,
  questionDone,
  synthesisProgress,
  type SynthesizeInput,
} from './synthesize';
export { synthesizeQuestion, type SynthesizeQuestionInput } from './synthesize-question';
export { train, trainingProgress, type TrainInput } from './train';
export { approvePipeline, pipeline, pipelineProgress, type PipelineInput } from './pipeline';
export * from '../../contract/names-training';
