import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { trainingLineSchema, trainingSetManifestSchema } from '../../src/training/training-set';
import { trajectorySchema } from '../../src/formats/trajectory';
import { QUEUES } from '../../src/contract/names';
import * as names from '../../src/contract/names-training';

const documented = [
  ...readFileSync(join(__dirname, '../../docs/formats.md'), 'utf8').matchAll(/```json\n([\s\S]*?)```/g),
].map(([, block = '']) => JSON.parse(block) as unknown);

test.each([
  ['trajectory', trajectorySchema],
  ['training set line', trainingLineSchema],
  ['training set manifest', trainingSetManifestSchema],
])('docs/formats.md shows the schema of a %s as the code has it', (_name, schema) => {
  expect(documented).toContainEqual(JSON.parse(JSON.stringify(z.toJSONSchema(schema as z.ZodType, { io: 'input' }))));
});

test('names of messages and queue are contracts', () => {
  expect({ ...names, queue: QUEUES.train }).toEqual({
    QUESTION_DONE_SIGNAL: 'huskyQuestionDone',
    PAUSE_SIGNAL: 'huskyPause',
    RESUME_SIGNAL: 'huskyResume',
    APPROVE_SIGNAL: 'huskyApprove',
    SYNTHESIS_PROGRESS_QUERY: 'huskySynthesisProgress',
    TRAINING_PROGRESS_QUERY: 'huskyTrainingProgress',
    PIPELINE_PROGRESS_QUERY: 'huskyPipelineProgress',
    queue: 'husky-train',
  });
});
