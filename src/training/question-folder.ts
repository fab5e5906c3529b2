/** The folder in which `husky make-questions` works: the questions that it kept, the number of calls it made, and a data card. */
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Candidate, QuestionMakingProgress, QuestionMakingSettings } from '../contract/question-making';
import { appendAt, openAppend } from '../files/append-file';
import { readIfThere } from '../files/read-if-there';
import { replaceFile, replaceJson } from '../files/replace-file';
import { readJsonLines } from '../formats/json-lines';

type Folder = Pick<QuestionMakingSettings, 'out'>;

const questionsFile = ({ out }: Folder) => join(out, 'questions.jsonl');
const callsFile = ({ out }: Folder) => join(out, 'calls.json');

/** Texts of the questions that earlier runs kept. A last line that a kill has torn is left out. */
export async function keptQuestions(folder: Folder): Promise<string[]> {
  if ((await readIfThere(questionsFile(folder))) === undefined) return [];
  const kept: string[] = [];
  const lines = readJsonLines(questionsFile(folder), 'a question', z.object({ question: z.string() }), {
    torn: 'last',
  });
  for await (const { value } of lines) kept.push(value.question);
  return kept;
}

/** Appends a question, unless the file has it already. @returns questions in the file */
export async function keepQuestion(folder: Folder, candidate: Candidate): Promise<number> {
  const { offset } = await openAppend(questionsFile(folder));
  const kept = await keptQuestions(folder);
  const { question, answer, facts, code } = candidate;
  if (kept.includes(question)) return kept.length;
  const line = JSON.stringify({ index: kept.length, question, answer, facts, code });
  await appendAt(questionsFile(folder), offset, [line]);
  return kept.length + 1;
}

/** Model calls made into this folder. 0 for a folder of an older version, which did not count them. */
export async function callsMade(folder: Folder): Promise<number> {
  const text = await readIfThere(callsFile(folder));
  return text === undefined ? 0 : (JSON.parse(text) as { calls: number }).calls;
}

/** Counts a call, so that a later run draws other facts than this call did. */
export async function countCall(folder: Folder, call: number): Promise<void> {
  replaceJson(callsFile(folder), { calls: Math.max(await callsMade(folder), call + 1) });
}

/** Writes README.md: where the questions come from and what was left out. */
export function writeDataCard(settings: QuestionMakingSettings, progress: QuestionMakingProgress, model: string): void {
  const { out, corpus, agree, solutions, exclude, seed } = settings;
  const rejected = Object.entries(progress.rejections).map(([reason, count]) => `| ${reason} | ${count} |\n`);
  replaceFile(
    join(out, 'README.md'),
    `# ${basename(out)}

${progress.kept} multi-step questions, written by ${model} from ${corpus.map((file) => basename(file)).join(', ')}.

Each was kept because its program printed the stated answer and at least ${agree} of ${solutions} independent solutions gave it.
Near-duplicates and questions of ${exclude.length} excluded datasets were left out. Seed ${seed}.

${progress.calls} calls proposed ${progress.proposed} candidates that passed the first checks; rejected:

| reason | candidates |
|---|---|
${rejected.join('')}
Fields of a line: index, question, answer, facts (the texts it was made from), code (prints the answer).
Not checked by a person. The sources and licences of the facts apply.
`,
  );
}
