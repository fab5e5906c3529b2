/** A worker that can be killed: teacher, search and sandbox play the map questions; the trainer is bigram_trainer.py. */
import { appendFileSync } from 'node:fs';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Model } from '../../src/models/model';
import { createScriptedTeacher } from '../../src/training/scripted-teacher';
import { createLabWorker, labContext } from './harness';
import { mapTrajectory } from './trajectories';

async function main(): Promise<void> {
  const [address = '', taskQueue = '', callLog = '', ...unanswered] = process.argv.slice(2);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const gold = Array.from({ length: 24 }, (_, index) => mapTrajectory(index));
  const scriptedTeacher = createScriptedTeacher(gold)('teacher');
  const model: Model = {
    name: scriptedTeacher.name,
    generate: async (request, options) => {
      if (unanswered.some((question) => request.prompt.includes(question))) await new Promise(() => undefined);
      const generation = await scriptedTeacher.generate(request, options);
      appendFileSync(callLog, `${JSON.stringify(request.prompt)}\n`);
      return generation;
    },
  };
  const connection = await NativeConnection.connect({ address });
  const worker = await createLabWorker(
    connection,
    labContext(gold, () => model),
    taskQueue,
  );
  await worker.run();
}

void main();
