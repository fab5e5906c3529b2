import { createActivities, ROLE_ACTIVITIES } from '../../src/activities';
import type { ActivityContext } from '../../src/activities/activity-context';
import * as door from '../../src/workflows';

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
