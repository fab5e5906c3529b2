import { createActivities, ROLE_ACTIVITIES } from '../../src/activities/solve';
import type { ActivityContext } from '../../src/runtime/activity-context';
import { registered } from '../../src/contract/registered-name';
import { HuskyPlugin } from '../../src/plugin';
import { testConfig } from '../../src/testing';
import { createTrainingActivities, trainingActivitiesOf } from '../../src/activities/lab/training-activities';
import { createEvaluationActivities } from '../../src/activities/lab/evaluation';
import { createQuestionMakingActivities } from '../../src/activities/lab/question-making';
import * as door from '../../src/workflows';
import * as lab from '../../src/workflows-lab';
import { EVALUATION_PROGRESS_QUERY, QUESTION_MAKING_PROGRESS_QUERY } from '../../src/contract/names-evaluation';

/** A rename breaks running solutions, clients and other languages: these lists only ever grow. */
test('names of workflows, queries, signals and queues stay', () => {
  expect(door.huskySolve.name).toBe('huskySolve');
  expect(door.TRAJECTORY_QUERY).toBe('huskyTrajectory');
  expect(door.FINISH_NOW_SIGNAL).toBe('huskyFinishNow');
  expect(door.QUEUES).toEqual({
    workflow: 'husky',
    tool: 'husky-tool',
    action: 'husky-action',
    code: 'husky-code',
    math: 'husky-math',
    query: 'husky-query',
    commonsense: 'husky-commonsense',
    train: 'husky-train',
  });
  expect(door.huskySolveBatch.name).toBe('huskySolveBatch');
  expect([door.huskyService.name, door.huskyService.operations.solve.name]).toEqual(['husky', 'solve']);
  expect(door.SEARCH_ATTRIBUTES).toEqual({ stopReason: 'HuskyStopReason', steps: 'HuskySteps' });
});

test('names of activities stay, and every one but the first two belongs to one role', () => {
  const names = Object.keys(createActivities({ context: {} as ActivityContext, queues: 'shared' }));
  expect(names).toEqual([
    'recordProfile',
    'advance',
    'predictAction',
    'generateCode',
    'executeCode',
    'generateQuery',
    'search',
    'rewriteResult',
    'reasonMath',
    'reasonCommonsense',
  ]);
  const byRole = Object.values(ROLE_ACTIVITIES).flat();
  expect([...byRole].sort()).toEqual(names.filter((name) => name !== 'advance').sort());
});

test('names of synthesis, training and pipelines stay', () => {
  const { huskySynthesize, huskySynthesizeQuestion, huskyTrain, huskyPipeline } = lab;
  expect([huskySynthesize, huskySynthesizeQuestion, huskyTrain, huskyPipeline].map(({ name }) => name)).toEqual([
    'huskySynthesize',
    'huskySynthesizeQuestion',
    'huskyTrain',
    'huskyPipeline',
  ]);
  expect([lab.QUESTION_DONE_SIGNAL, lab.PAUSE_SIGNAL, lab.RESUME_SIGNAL, lab.APPROVE_SIGNAL]).toEqual([
    'huskyQuestionDone',
    'huskyPause',
    'huskyResume',
    'huskyApprove',
  ]);
  expect([lab.SYNTHESIS_PROGRESS_QUERY, lab.TRAINING_PROGRESS_QUERY, lab.PIPELINE_PROGRESS_QUERY]).toEqual([
    'huskySynthesisProgress',
    'huskyTrainingProgress',
    'huskyPipelineProgress',
  ]);
});

test('names of evaluation and of the making of questions stay', () => {
  const { huskyEvaluate, huskyEvaluateQuestion, huskyEvaluateQuestions, huskyMakeQuestions } = lab;
  expect(
    [huskyEvaluate, huskyEvaluateQuestion, huskyEvaluateQuestions, huskyMakeQuestions].map(({ name }) => name),
  ).toEqual(['huskyEvaluate', 'huskyEvaluateQuestion', 'huskyEvaluateQuestions', 'huskyMakeQuestions']);
  expect([EVALUATION_PROGRESS_QUERY, QUESTION_MAKING_PROGRESS_QUERY]).toEqual([
    'huskyEvaluationProgress',
    'huskyQuestionMakingProgress',
  ]);
  const context = {} as ActivityContext;
  expect([
    ...Object.keys(createEvaluationActivities(context)),
    ...Object.keys(createQuestionMakingActivities(context)),
  ]).toEqual([
    'openEvaluation',
    'nextItems',
    'answerDirectly',
    'recordSample',
    'collectSample',
    'collectSamples',
    'closeEvaluation',
    'proposeQuestions',
    'countAgreement',
    'recordQuestion',
    'openQuestions',
    'countKept',
    'writeDataCard',
  ]);
});

test('of the activities of training, the teacher writes where the action generator is, and trainers run on GPU hosts', () => {
  const activities = createTrainingActivities({} as ActivityContext);
  expect(Object.keys(activities)).toEqual([
    'openSynthesis',
    'nextQuestions',
    'appendTrajectories',
    'collectQuestion',
    'recordSynthesis',
    'writeTrajectory',
    'judgeTrajectory',
    'trainModule',
    'readStage',
    'recordStage',
    'hostTeacher',
    'extractTrainingSet',
    'writeServing',
  ]);
  expect(Object.keys(trainingActivitiesOf('action', activities))).toEqual(['writeTrajectory']);
  expect(Object.keys(trainingActivitiesOf('train', activities))).toEqual(['trainModule']);
  expect(Object.keys(trainingActivitiesOf('workflow', activities))).not.toContain('writeTrajectory');
  expect(Object.keys(trainingActivitiesOf('tool', activities))).toEqual([]);
});

test('a worker with the plugin carries out every activity that the workflows of the door ask for', () => {
  const context = {} as ActivityContext;
  const asked = {
    ...createTrainingActivities(context),
    ...createEvaluationActivities(context),
    ...createQuestionMakingActivities(context),
  };
  const { activities } = new HuskyPlugin(testConfig()).configureWorker({ taskQueue: 'q' });
  expect(Object.keys(activities ?? {})).toEqual(expect.arrayContaining(Object.keys(registered(asked))));
});
