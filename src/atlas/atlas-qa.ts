/** Generates atlas-qa: multi-step questions over the atlas with gold answers and gold trajectories. A seed always gives the same. */
import { TRAJECTORY_VERSION, type Trajectory } from '../trajectory/trajectory';
import { FAMILIES, HARD_FAMILIES, TRAINED_FAMILIES } from './families';
import { loadFacts, type Fact } from './facts';
import { createRandom, hashOf, type Random } from './random';
import { poolsOf, World, type Pools, type WorldMode } from './world';

/** `families`: kinds of question never trained on. `entities`: names never trained on. */
export const SPLITS = ['train', 'dev', 'test', 'families', 'entities'] as const;
export type Split = (typeof SPLITS)[number];

export interface AtlasQuestion {
  split: Split;
  family: string;
  trajectory: Trajectory;
}

/** Share of questions in each of dev and test, chosen by a hash of what they ask about. */
const HELD_BACK = 0.08;

export interface AtlasQaOptions {
  seed: number;
  /** @default the bundled facts */
  facts?: readonly Fact[];
  /** Invents values, so that training cannot memorize facts. @default true for `train`, false for other splits */
  invented?: boolean;
  /** @default every family of the split in turn */
  families?: readonly string[];
}

/**
 * Yields questions for ever, one of each family in turn. Only `train` may repeat questions; in other splits a family without new
 * questions is left out.
 *
 * @throws RangeError when no family has a new question
 */
export function* atlasQuestions(split: Split, options: AtlasQaOptions): Generator<AtlasQuestion, never> {
  const { seed, facts = loadFacts() } = options;
  const random = createRandom(hashOf(`${split} ${seed}`));
  const pools = poolsOf(facts);
  const names =
    options.families ??
    Object.keys(split === 'families' ? HARD_FAMILIES : split === 'entities' ? ENTITY_FAMILIES : TRAINED_FAMILIES);
  const mode: WorldMode =
    split === 'entities' ? 'unseen' : (options.invented ?? split === 'train') ? 'invented' : 'real';
  const seen = new Set<string>();
  let index = 0;
  for (let live = [...names]; live.length > 0;) {
    const spent = new Set<string>();
    for (const family of live) {
      const trajectory = draw(random, pools, mode, split, family, index, seen);
      if (trajectory) {
        yield { split, family, trajectory };
        index += 1;
      } else spent.add(family);
    }
    live = live.filter((family) => !spent.has(family));
  }
  throw new RangeError(`Split ${split} has only ${index} different questions of ${names.join(', ')}.`);
}

/** Families that ask about names. */
const ENTITY_FAMILIES = Object.fromEntries(
  Object.entries(TRAINED_FAMILIES).filter(([name]) => !name.endsWith('-numbers')),
);

function draw(
  random: Random,
  pools: Pools,
  mode: WorldMode,
  split: Split,
  family: string,
  index: number,
  seen: Set<string>,
): Trajectory | undefined {
  for (let attempt = 0; attempt < 2000; attempt += 1) {
    const world = new World(random, mode, pools);
    const draft = FAMILIES[family]?.(world);
    if (!draft || !draft.answer || (split !== 'train' && seen.has(draft.question))) continue;
    if (splitOf(family, world, draft.question) !== split && (split === 'train' || split === 'dev' || split === 'test'))
      continue;
    if (split !== 'train') seen.add(draft.question);
    return {
      version: TRAJECTORY_VERSION,
      id: `atlas-qa-${split}:${index}:0`,
      dataset: `atlas-qa-${split}`,
      index,
      question: draft.question,
      gold: draft.answer,
      answer: draft.answer,
      finish: `The answer is ${draft.answer}.`,
      steps: draft.steps.map(({ tool, step, code, query, observation, output }) => ({
        tool,
        step,
        ...(code === undefined ? {} : { code }),
        ...(query === undefined ? {} : { query }),
        ...(observation === undefined ? {} : { observation }),
        output,
      })),
      source: { teacher: 'atlas-qa', style: 'scripted', sample: 0 },
      accepted: true,
    };
  }
  return undefined;
}

/** Assigns a split by family and names (word problems: by text), so that training has no paraphrase of a test question. */
function splitOf(family: string, world: World, question: string): Split {
  const names = world.entities.map(({ name }) => name).sort();
  const share = hashOf(`${family}|${names.length > 0 ? names.join('|') : question}`) / 2 ** 32;
  if (share < HELD_BACK) return 'test';
  return share < 2 * HELD_BACK ? 'dev' : 'train';
}
