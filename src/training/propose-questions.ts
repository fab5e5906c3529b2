/** One call of making questions: a model writes questions over drawn facts, and each is kept when its own program confirms its answer. */
import type { Candidate, ProposedQuestions, QuestionMakingSettings } from '../contract/question-making';
import type { Model } from '../models/model';
import { describeRun } from '../sandbox/describe-run';
import type { Sandbox } from '../sandbox/sandbox';
import { Scorer } from '../scoring/scorer';
import { seededRandom } from '../scoring/statistics';
import { readDocuments } from '../search/sqlite/read-documents';
import { TestQuestions } from './decontaminate';
import { countCall, keptQuestions } from './question-folder';
import { readProposals, renderProposalRequest } from './question-proposals';
import { tally } from '../trajectory/tally';

/** Two short questions count as the same one from this share of equal 4-grams of words. */
const SIMILAR = { ngram: 4, share: 0.7 };

export interface Proposers {
  model: Pick<Model, 'generate'>;
  sandbox: Pick<Sandbox, 'run'>;
}

/** @param call number of the call, which with the seed decides the facts that the model is shown */
export async function proposeQuestions(
  { model, sandbox }: Proposers,
  settings: QuestionMakingSettings,
  call: number,
  signal: AbortSignal,
): Promise<ProposedQuestions> {
  const facts = await drawFacts(settings, call);
  const request = renderProposalRequest(facts, settings.perCall, settings.seed + call);
  const { text, usage, model: name } = await model.generate(request, { signal });
  await countCall(settings, call);
  const { candidates, rejections } = readProposals(text, facts);
  const askedBefore = new TestQuestions(SIMILAR);
  for (const file of settings.exclude) await askedBefore.addFile(file);
  for (const question of await keptQuestions(settings)) askedBefore.add(question);
  const confirmed: Candidate[] = [];
  for (const candidate of candidates) {
    const reason = askedBefore.find(candidate.question)
      ? 'asked before or excluded'
      : await disagreement(sandbox, candidate, signal);
    if (reason !== undefined) tally(rejections, reason);
    else {
      confirmed.push(candidate);
      askedBefore.add(candidate.question);
    }
  }
  return { candidates: confirmed, rejections, usage, model: name };
}

/** How many answers of independent solutions are the proposed one. */
export async function countAgreement({ answer }: Candidate, answers: readonly string[]): Promise<number> {
  const same = await Promise.all(answers.map((prediction) => isSame(prediction, answer)));
  return same.filter(Boolean).length;
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

/** Why a candidate's own program does not confirm its answer; undefined when it does. */
async function disagreement(
  sandbox: Proposers['sandbox'],
  { code, answer }: Candidate,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { text, failed } = describeRun(await sandbox.run({ language: 'javascript', code, signal }), 'default');
  if (failed) return 'its program fails';
  return (await isSame(text, answer)) ? undefined : 'its program prints another answer';
}

const scorer = new Scorer();

/** Compares by the general metric: these questions belong to no registered task. */
async function isSame(prediction: string, gold: string): Promise<boolean> {
  return (await scorer.score({ prediction, gold })).correct;
}
