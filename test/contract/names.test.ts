import { createActivities, ROLE_ACTIVITIES } from '../../src/activities/solve';
import type { ActivityContext } from '../../src/runtime/activity-context';
import { registered } from '../../src/contract/registered-name';
import { HuskyPlugin } from '../../src/plugin';
import { testConfig } from '../../src/testing';
import { createLabActivities } from '../../src/activities/lab';
import { doing } from '../../src/calls-in-flight';
import * as door from '../../src/workflows';
import * as lab from '../../src/workflows-lab';
import { HuskyLabPlugin } from '../../src/lab';
import { EVALUATION_PROGRESS_QUERY, QUESTION_MAKING_PROGRESS_QUERY } from '../../src/contract/names-evaluation';

/** A rename breaks running solutions, clients and other languages: these lists only ever grow. */
test('names of workflows, queries, signals and queues stay', () => {
  expect(door.huskySolve.name).toBe('huskySolve');
  expect(door.TRAJECTORY_QUERY).toBe('huskyTrajectory');
  expect(door.FINISH_NOW_SIGNAL).toBe('huskyFinishNow');
  expect(door.TELL_TOKENS_SIGNAL).toBe('huskyTellTokens');
  expect(door.QUEUES).toEqual({
    workflow: 'husky',
    tool: 'husky-tool',
    action: 'husky-action',
    code: 'husky-code',
    math: 'husky-math',
    query: 'husky-query',
    commonsense: 'husky-commonsense',
    train: 'husky-train',
    lab: 'husky-lab',
  });
  expect([door.WAITING_QUERY, door.WAITING_MEMO]).toEqual(['huskyWaiting', 'huskyWaiting']);
  expect(Object.values(door.PEOPLE_UPDATES)).toEqual([
    'huskyApprove',
    'huskyRefuse',
    'huskyEdit',
    'huskyAnswer',
    'huskyHint',
    'huskyPause',
    'huskyResume',
  ]);
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
    'generateArguments',
    'listMcpTools',
    'callMcpTool',
    'findSameAnswer',
    'recordEnd',
  ]);
  const byRole = Object.values(ROLE_ACTIVITIES).flat();
  expect([...byRole].sort()).toEqual(names.filter((name) => name !== 'advance').sort());
});

test('every activity is told in words where it is tried again', () => {
  const solving = createActivities({ context: {} as ActivityContext, queues: 'shared' });
  const names = Object.keys(registered({ ...solving, ...createLabActivities({} as ActivityContext) }));
  expect(names.filter((name) => doing(name) === name)).toEqual([]);
  expect(doing('lookUpWeather')).toBe('lookUpWeather');
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
});

test('names of the activities of the lab stay', () => {
  expect(Object.keys(createLabActivities({} as ActivityContext))).toEqual([
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
    'openEvaluation',
    'nextItems',
    'answerDirectly',
    'recordSample',
    'collectSample',
    'collectSamples',
    'closeEvaluation',
    'answerByCommand',
    'proposeQuestions',
    'countAgreement',
    'recordQuestion',
    'openQuestions',
    'countKept',
    'writeDataCard',
  ]);
});

test('the plugin carries out what solving asks for and nothing else; the plugin of the lab has the rest, too', () => {
  const context = {} as ActivityContext;
  const names = (plugin: HuskyPlugin) => Object.keys(plugin.configureWorker({ taskQueue: 'q' }).activities ?? {});
  const solving = Object.keys(registered(createActivities({ context, queues: 'shared' })));
  expect(names(new HuskyPlugin(testConfig()))).toEqual(solving);
  expect(names(new HuskyLabPlugin(testConfig()))).toEqual([
    ...solving,
    ...Object.keys(registered(createLabActivities(context))),
  ]);
});

test('the door of solving exports its own workflows and none of the lab', () => {
  const workflows = (names: object) =>
    Object.keys(names)
      .filter((name) => /^husky[A-Z]/.test(name))
      .sort();
  expect(workflows(door)).toEqual(['huskyService', 'huskySolve', 'huskySolveBatch']);
  expect(workflows(lab)).toEqual(expect.arrayContaining(['huskySolve', 'huskyEvaluate', 'huskyPipeline']));
});
