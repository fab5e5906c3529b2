import { createScriptedTeacher, type ScriptedTeacherMistakes } from '../../src/training/scripted-teacher';
import { readTrajectory } from '../../src/training/read-trajectory';
import { loadTrajectoryPrompt } from '../../src/training/trajectory-style';
import { parseAnswer } from '../../src/trajectory/parse-action';
import type { PendingStep } from '../../src/contract/synthesis';
import type { TrajectoryStep } from '../../src/trajectory/trajectory';
import { mapTrajectory } from './trajectories';

const gold = Array.from({ length: 60 }, (_, index) =>
  mapTrajectory(index, { steps: mapTrajectory(index).steps.slice(0, 3) }),
);
const prompt = loadTrajectoryPrompt({ language: 'javascript' });

/** Lets the scripted teacher write one trajectory; a program that is not the known one prints 7. */
async function written(index: number, mistakes: Partial<ScriptedTeacherMistakes>): Promise<string> {
  const { question, steps: known } = gold[index]!;
  const teacher = createScriptedTeacher(gold, { mistakes })('teacher');
  const steps: TrajectoryStep[] = [];
  let pending: PendingStep | undefined;
  for (let call = 0; call < 10; call += 1) {
    const request = prompt.request({ question, steps, pending, temperature: 0, seed: 1 });
    const { text } = await teacher.generate(request);
    const read = readTrajectory(text, { done: steps, ...(pending ? { pending } : {}), customTools: [] });
    if (read.malformed !== undefined) return 'malformed';
    if (pending && read.output !== undefined) steps.push({ ...pending, output: read.output });
    steps.push(...read.steps);
    if (read.finish !== undefined) return parseAnswer(read.finish) === gold[index]!.answer ? 'right' : 'wrong';
    const { call: asked } = read;
    const same = known.find(({ code, query }) =>
      asked?.code === undefined ? query === asked?.query : code === asked.code,
    );
    pending = asked && { ...asked, observation: same?.observation ?? '7' };
  }
  return 'endless';
}

async function share(outcome: string, mistakes: Partial<ScriptedTeacherMistakes>): Promise<number> {
  const outcomes = await Promise.all(gold.map((_, index) => written(index, mistakes)));
  return outcomes.filter((one) => one === outcome).length / outcomes.length;
}

test('without mistakes every trajectory is right', async () => {
  expect(await share('right', {})).toBe(1);
});

test('a wrong number makes the answer wrong, at the stated rate of the one program of each', async () => {
  const wrong = await share('wrong', { wrongNumber: 0.5 });
  expect(wrong).toBeGreaterThan(0.3);
  expect(wrong).toBeLessThan(0.7);
});

test('a wrong tool at the last step makes the answer wrong', async () => {
  expect(await share('right', { wrongTool: 1 })).toBe(0);
});

test('a malformed step cannot be read', async () => {
  expect(await share('malformed', { malformedStep: 1 })).toBe(1);
});

test('a program that fails gives no right answer', async () => {
  expect(await share('right', { failingCode: 1 })).toBe(0);
});
