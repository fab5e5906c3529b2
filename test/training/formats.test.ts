import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { trainingLineSchema, trainingSetManifestSchema } from '../../src/training/training-set';
import { trajectorySchema } from '../../src/formats/trajectory';
import { QUEUES } from '../../src/contract/names';
import * as names from '../../src/contract/names-training';

test.each([
  ['trajectory', trajectorySchema],
  ['training-line', trainingLineSchema],
  ['training-set', trainingSetManifestSchema],
])('data/%s.schema.json is the schema that the code has (npm run docs:configuration makes it)', (name, schema) => {
  const written = readFileSync(join(__dirname, `../../data/${name}.schema.json`), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(schema as z.ZodType, { io: 'input' }))));
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
