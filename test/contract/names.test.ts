import { createActivities, ROLE_ACTIVITIES } from '../../src/activities/solve';
import type { ActivityContext } from '../../src/runtime/activity-context';
import { HuskyPlugin } from '../../src/plugin';
import { testConfig } from '../../src/testing';
import { createTrainingActivities, trainingActivitiesOf } from '../../src/activities/lab/training-activities';
import { createEvaluationActivities } from '../../src/activities/lab/evaluation';
import { createQuestionMakingActivities } from '../../src/activities/lab/question-making';
import * as door from '../../src/workflows';
import { EVALUATION_PROGRESS_QUERY, QUESTION_MAKING_PROGRESS_QUERY } from '../../src/contract/names-evaluation';

/** A rename breaks running solutions, clients and other languages: these lists only ever grow. */
test('names of workflows, queries, signals and queues stay', () => {
  expect(door.solve.name).toBe('solve');
  expect(door.TRAJECTORY_QUERY).toBe('trajectory');
  expect(door.FINISH_NOW_SIGNAL).toBe('finishNow');
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
  expect(door.solveBatch.name).toBe('solveBatch');
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
  const { synthesize, synthesizeQuestion, train, pipeline } = door;
  expect([synthesize, synthesizeQuestion, train, pipeline].map(({ name }) => name)).toEqual([
    'synthesize',
    'synthesizeQuestion',
    'train',
    'pipeline',
  ]);
  expect([door.QUESTION_DONE_SIGNAL, door.PAUSE_SIGNAL, door.RESUME_SIGNAL, door.APPROVE_SIGNAL]).toEqual([
    'questionDone',
    'pause',
    'resume',
    'approve',
  ]);
  expect([door.SYNTHESIS_PROGRESS_QUERY, door.TRAINING_PROGRESS_QUERY, door.PIPELINE_PROGRESS_QUERY]).toEqual([
    'synthesisProgress',
    'trainingProgress',
    'pipelineProgress',
  ]);
});

test('names of evaluation and of the making of questions stay', () => {
  const { evaluate, evaluateQuestion, evaluateQuestions, makeQuestions } = door;
  expect([evaluate, evaluateQuestion, evaluateQuestions, makeQuestions].map(({ name }) => name)).toEqual([
    'evaluate',
    'evaluateQuestion',
    'evaluateQuestions',
    'makeQuestions',
  ]);
  expect([EVALUATION_PROGRESS_QUERY, QUESTION_MAKING_PROGRESS_QUERY]).toEqual([
    'evaluationProgress',
    'questionMakingProgress',
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
  expect(Object.keys(activities ?? {})).toEqual(expect.arrayContaining(Object.keys(asked)));
});
