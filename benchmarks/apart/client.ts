/**
 * The client of a measurement, in a host of its own. Environment: ADDRESS, QUESTIONS (file), QUEUE. It obeys lines on standard input and answers each
 * with a line of JSON: `solve FROM COUNT IN_FLIGHT`, `start NUMBER`, `cancel` (what was started), `flood FROM COUNT` (starts as a
 * synthesis would, and does not wait).
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { HuskyClient, type SolutionHandle } from '../../src/client';
import { PRIORITY_KEYS } from '../../src/contract/priority';
import type { ScriptedSolution } from '../../src/testing';

const { ADDRESS, QUESTIONS = '', QUEUE } = process.env;
const questions = JSON.parse(readFileSync(QUESTIONS, 'utf8')) as ScriptedSolution[];

async function main(): Promise<void> {
  const connection = await Connection.connect({ address: ADDRESS, connectTimeout: 60_000 });
  const husky = new HuskyClient({ client: new Client({ connection }), taskQueue: QUEUE });
  let started: SolutionHandle | undefined;
  const solve = async (from: number, count: number, inFlight: number) => {
    const asked = questions.slice(from, from + count);
    const waiting = asked.values();
    const began = Date.now();
    let right = 0;
    const lane = async () => {
      for (const { question, answer } of waiting) {
        const solution = await husky.solve(question);
        if (solution.answer === answer) right += 1;
        else process.stderr.write(`${question} ${solution.answer} is not ${answer} (${solution.stopReason})\n`);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    return { asked: asked.length, right, seconds: (Date.now() - began) / 1000 };
  };
  const flood = async (from: number, count: number) => {
    const waiting = questions.slice(from, from + count).values();
    const lane = async () => {
      for (const { question } of waiting)
        await husky.start(question, { priority: { priorityKey: PRIORITY_KEYS.synthesis } });
    };
    await Promise.all(Array.from({ length: 20 }, lane));
  };
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, ...values] = line.split(' ');
    const [first = 0, second = 0, third = 1] = values.map(Number);
    let answer: object = {};
    if (verb === 'solve') answer = await solve(first, second, third);
    else if (verb === 'flood') await flood(first, second);
    else if (verb === 'start') {
      answer = { at: Date.now() };
      started = await husky.start(questions[first]?.question ?? '');
    } else {
      answer = { at: Date.now() };
      await started?.cancel();
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await connection.close();
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
