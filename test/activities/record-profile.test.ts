import type { ActivityContext } from '../../src/runtime/activity-context';
import { createRecordProfile } from '../../src/activities/solve/record-profile';
import { parseConfig } from '../../src/config';
import type { RecordProfileInput } from '../../src/contract/payloads';

const model = { provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' };
const stepsOf = async (settings: object, stepsPerActivity?: number) => {
  const config = parseConfig({ models: { default: model }, ...settings });
  const context = { config, prompts: { style: 'few-shot', hashes: {} } } as unknown as ActivityContext;
  const profile = await createRecordProfile(
    context,
    'shared',
  )({
    limits: {},
    ...(stepsPerActivity === undefined ? {} : { stepsPerActivity }),
  });
  return profile.stepsPerActivity;
};

test.each([
  ['an activity a call, if nobody says otherwise', {}, undefined, 0],
  ['as configured', { stepsPerActivity: 4 }, undefined, 4],
  ['as asked for with the question', { stepsPerActivity: 4 }, 8, 8],
  ['a whole question with a journal in a file', { journal: 'file' }, undefined, 20],
  ['a whole question with a journal in a file, also for those who ask for some', { journal: 'file' }, 8, 20],
  ['fewer with a journal in a file where they are configured', { journal: 'file', stepsPerActivity: 6 }, undefined, 6],
  ['an activity a call with a journal in a file for those who ask for it', { journal: 'file' }, 0, 0],
])('steps that share an activity: %s', async (_, settings, wanted, steps) => {
  expect(await stepsOf(settings, wanted)).toBe(steps);
});

test.each([
  [2001, /limits\.maxSteps is 2001; at most 2000/],
  [0, /limits\.maxSteps is 0; it must be a whole number, at least 1/],
])('%i steps asked for with a question are refused', async (maxSteps, message) => {
  const config = parseConfig({ models: { default: model } });
  const context = { config, prompts: { style: 'few-shot', hashes: {} } } as unknown as ActivityContext;
  const asked = createRecordProfile(context, 'shared')({ limits: { maxSteps } });
  await expect(asked).rejects.toMatchObject({
    type: 'InputInvalid',
    message: expect.stringMatching(message) as string,
  });
});

test.each([
  [
    'a limit of another name',
    { limits: { max_steps: 3 } },
    /limits is \{"max_steps":3\}; it may hold maxSteps, maxTokens/,
  ],
  ['limits that are no object', { limits: 'many' }, /limits is "many"; it may hold maxSteps/],
  ['a cost that is a text', { limits: { money: '0.5' } }, /limits\.money is "0.5"; it must be a number, 0 or more/],
  ['one tool in the place of a list', { builtInTools: 'math' }, /builtInTools is "math"; it must be a list of names/],
  [
    'a tool that the configuration leaves out',
    { builtInTools: ['math', 'search'] },
    /does not offer search; a solution may choose among code, math\./,
  ],
  ['one rule in the place of a list', { approval: 'always' }, /approval is "always"; it must be a list of names/],
  ['a number in the place of rules', { approval: 5 }, /approval is 5; it must be a list/],
  ['steps below zero', { stepsPerActivity: -1 }, /stepsPerActivity is -1; it must be a whole number, 0 or more/],
  ['steps as text', { stepsPerActivity: '8' }, /stepsPerActivity is "8"; it must be/],
])('what clients in other languages may ask for is refused by name: %s (T01)', async (_, input, message) => {
  const config = parseConfig({ models: { default: model }, builtInTools: ['code', 'math'] });
  const context = { config, prompts: { style: 'few-shot', hashes: {} } } as unknown as ActivityContext;
  const asked = createRecordProfile(context, 'shared')({ limits: {}, ...input } as RecordProfileInput);
  await expect(asked).rejects.toMatchObject({
    type: 'InputInvalid',
    message: expect.stringMatching(message) as string,
  });
});
