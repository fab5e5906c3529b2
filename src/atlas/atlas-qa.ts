/**
 * atlas-qa: multi-step questions over the atlas with gold answers and gold trajectories, the same for the same seed.
 *
 * @module
 */
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

/** Share of questions, by hash of what they ask about, that belong to each of dev and test. */
const HELD_BACK = 0.08;

export interface AtlasQaOptions {
  seed: number;
  /** @default the bundled facts */
  facts?: readonly Fact[];
  /** Training shows invented values, so that weights cannot memorise facts. @default true for `train`, else real ones */
  invented?: boolean;
  /** @default every family of the split in turn */
  families?: readonly string[];
}

/** Endless; take as many as are wanted. Repeats are possible in `train` only. */
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
  for (let index = 0; ; index += 1) {
    const family = names[index % names.length] ?? '';
    const trajectory = draw(random, pools, mode, split, family, index, seen);
    yield { split, family, trajectory };
  }
}

/** Families that ask about names at all. */
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
): Trajectory {
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
      source: { teacher: 'atlas-qa', style: 'oracle', sample: 0 },
      accepted: true,
    };
  }
  throw new Error(
    `The family ${family} gives no new question for split ${split}; fewer are possible than were asked for.`,
  );
}

/** By the family and the names (word problems: by the text), so that no paraphrase of a test question is trained on. */
function splitOf(family: string, world: World, question: string): Split {
  const names = world.entities.map(({ name }) => name).sort();
  const place = hashOf(`${family}|${names.length > 0 ? names.join('|') : question}`) / 2 ** 32;
  if (place < HELD_BACK) return 'test';
  return place < 2 * HELD_BACK ? 'dev' : 'train';
}
