/**
 * The activities of the makeQuestions workflow: propose, write down.
 *
 * @module
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Scorer } from '../../scoring/scorer';
import { readProposals, renderProposalRequest } from '../../evaluation/question-proposals';
import { seededRandom } from '../../scoring/statistics';
import { describeRun } from '../../sandbox/describe-run';
import { readIfThere } from '../../files/read-if-there';
import { readDocuments } from '../../search/sqlite/read-documents';
import { appendAt, openAppend } from '../../files/append-file';
import { TestQuestions } from '../../training/decontaminate';
import type {
  Candidate,
  ProposedQuestions,
  QuestionMakingProgress,
  QuestionMakingSettings,
} from '../../contract/question-making';
import type { ActivityContext } from '../../runtime/activity-context';
import { withHeartbeat } from '../../runtime/heartbeat';

export type QuestionMakingActivities = ReturnType<typeof createQuestionMakingActivities>;

/** Words of an n-gram, and the share of them that makes two short questions the same one. */
const SIMILAR = { ngram: 4, share: 0.7 };

export function createQuestionMakingActivities(context: ActivityContext) {
  return {
    /** One call of the model over facts that the seed and the call's number draw; each candidate's program is run. */
    proposeQuestions: ({
      settings,
      call,
    }: {
      settings: QuestionMakingSettings;
      call: number;
    }): Promise<ProposedQuestions> =>
      withHeartbeat(async (signal) => {
        const facts = await drawFacts(settings, call);
        const model = await context.model('action');
        const request = renderProposalRequest(facts, settings.perCall, settings.seed + call);
        const { text, usage, model: name } = await model.generate(request, { signal });
        await countCall(settings, call);
        const { candidates, rejections } = readProposals(text, facts);
        const known = await knownQuestions(settings);
        const kept: Candidate[] = [];
        for (const candidate of candidates) {
          const reason = known.contaminated(candidate.question)
            ? 'asked before or excluded'
            : await disagreement(context, candidate, signal);
          if (reason === undefined) {
            kept.push(candidate);
            known.add(candidate.question);
          } else rejections[reason] = (rejections[reason] ?? 0) + 1;
        }
        return { candidates: kept, rejections, usage, model: name };
      }),

    /** Whether the answers of independent solutions are the proposed one. */
    countAgreement: async ({ candidate, answers }: { candidate: Candidate; answers: string[] }): Promise<number> =>
      (await Promise.all(answers.map((prediction) => isSame(prediction, candidate.answer)))).filter(Boolean).length,

    /** Appends a question that was kept; a second time changes nothing. @returns questions kept so far */
    recordQuestion: async ({
      settings,
      candidate,
    }: {
      settings: QuestionMakingSettings;
      candidate: Candidate;
    }): Promise<number> => {
      const file = questionsFile(settings);
      const { offset } = await openAppend(file);
      const lines = await keptLines(file);
      if (lines.some(({ question }) => question === candidate.question)) return lines.length;
      const { question, answer, facts, code } = candidate;
      await appendAt(file, offset, [JSON.stringify({ index: lines.length, question, answer, facts, code })]);
      return lines.length + 1;
    },

    /** What earlier runs have left in the folder. */
    openQuestions: async (settings: QuestionMakingSettings): Promise<{ kept: number; calls: number }> => ({
      kept: (await keptLines(questionsFile(settings))).length,
      calls: await callsMade(settings),
    }),

    /** Questions that an earlier run has kept; asked by runs that began before {@link openQuestions} was there. */
    countKept: async (settings: QuestionMakingSettings): Promise<number> =>
      (await keptLines(questionsFile(settings))).length,

    writeDataCard: async ({
      settings,
      progress,
      model,
    }: {
      settings: QuestionMakingSettings;
      progress: QuestionMakingProgress;
      model: string;
    }): Promise<void> => {
      await mkdir(settings.out, { recursive: true });
      const rejected = Object.entries(progress.rejections).map(([reason, count]) => `| ${reason} | ${count} |`);
      await mkdir(settings.out, { recursive: true });
      await writeFile(
        join(settings.out, 'README.md'),
        [
          `# ${basename(settings.out)}`,
          '',
          `${progress.kept} multi-step questions, written by ${model} from ${settings.corpus.map((file) => basename(file)).join(', ')}.`,
          '',
          `Each was kept because its program printed the stated answer and at least ${settings.agree} of ${settings.solutions} independent solutions gave it.`,
          `Near-duplicates and questions of ${settings.exclude.length} excluded datasets were left out. Seed ${settings.seed}.`,
          '',
          `${progress.calls} calls proposed ${progress.proposed} candidates that passed the first checks; rejected:`,
          '',
          '| reason | candidates |',
          '|---|---|',
          ...rejected,
          '',
          'Fields of a line: index, question, answer, facts (the texts it was made from), code (prints the answer).',
          'Not checked by a person. The sources and licences of the facts apply.',
          '',
        ].join('\n'),
      );
    },
  };
}

async function drawFacts({ corpus, documents, seed }: QuestionMakingSettings, call: number): Promise<string[]> {
  const all = (await Promise.all(corpus.map((file) => readDocuments(file)))).flat();
  const random = seededRandom(seed * 1_000_003 + call);
  const pool = all.map(({ title, text }) => (text.includes(title) ? text : `${title}: ${text}`));
  for (let i = pool.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [pool[i], pool[j]] = [pool[j] ?? '', pool[i] ?? ''];
  }
  return pool.slice(0, documents);
}

async function knownQuestions({ exclude, out, ...settings }: QuestionMakingSettings) {
  const known = new TestQuestions(SIMILAR);
  for (const file of exclude) await known.addFile(file);
  for (const { question } of await keptLines(questionsFile({ ...settings, exclude, out }))) known.add(question);
  return {
    add: (question: string) => known.add(question),
    contaminated: (question: string) => known.find(question) !== undefined,
  };
}

/** Why a candidate's own program does not confirm its answer; undefined when it does. */
async function disagreement(
  context: ActivityContext,
  { code, answer }: Candidate,
  signal: AbortSignal,
): Promise<string | undefined> {
  const sandbox = await context.sandbox();
  const run = await sandbox.run({ language: 'javascript', code, signal });
  const { text, failed } = describeRun(run, 'default');
  if (failed) return 'its program fails';
  return (await isSame(text, answer)) ? undefined : 'its program prints another answer';
}

const scorer = new Scorer();

/** By the general metric: what a program prints and what a model states are of no registered task. */
async function isSame(prediction: string, gold: string): Promise<boolean> {
  return (await scorer.score({ prediction, gold })).correct;
}

/** A run that goes on takes other numbers than those of the calls that were made, whatever came of them. */
async function countCall(settings: QuestionMakingSettings, call: number): Promise<void> {
  const calls = Math.max(await callsMade(settings), call + 1);
  const file = callsFile(settings);
  await mkdir(settings.out, { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify({ calls })}\n`);
  await rename(`${file}.new`, file);
}

/** 0 for a folder of an older version, which did not count them. */
async function callsMade(settings: QuestionMakingSettings): Promise<number> {
  const text = await readIfThere(callsFile(settings));
  return text === undefined ? 0 : (JSON.parse(text) as { calls: number }).calls;
}

function callsFile({ out }: QuestionMakingSettings): string {
  return join(out, 'calls.json');
}

function questionsFile({ out }: QuestionMakingSettings): string {
  return join(out, 'questions.jsonl');
}

/** A last line without its end was torn by a kill, and is overwritten. */
async function keptLines(file: string): Promise<{ question: string }[]> {
  const text = (await readIfThere(file)) ?? '';
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { question: string });
}
