/** Finds a task's questions. Those of atlas-qa are generated from the bundled facts if no data directory has them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { atlasQuestions } from '../atlas';
import { replaceFile } from '../files/replace-file';
import type { Task } from '../scoring/tasks';

export interface TaskQuestionsOptions {
  /** The data directory. */
  data?: string;
  /** Folder for generated questions. */
  folder: string;
}

/** @returns the file of `{ index, question, answer }` lines; undefined if there is none and none can be generated */
export function findTaskQuestions(task: Task, { data, folder }: TaskQuestionsOptions): string | undefined {
  const given = data === undefined ? undefined : path.resolve(data, task.file);
  if (given !== undefined && existsSync(given)) return given;
  return task.atlas && makeAtlasQuestions(task.atlas, folder);
}

/** Generates the questions each time, in a second or two, so that they never come from another version's facts. */
function makeAtlasQuestions({ split, questions: count }: NonNullable<Task['atlas']>, folder: string): string {
  const questions = atlasQuestions(split, { seed: 1 });
  const lines = Array.from({ length: count }, (_, index) => {
    const { family, trajectory } = questions.next().value;
    return `${JSON.stringify({ index, question: trajectory.question, answer: trajectory.gold, family })}\n`;
  });
  const file = path.join(folder, 'atlas-qa', `${split}.jsonl`);
  replaceFile(file, lines.join(''));
  return file;
}
