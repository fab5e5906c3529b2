import { runInNewContext } from 'node:vm';
import { atlasDocuments, atlasQuestions, loadFacts, type AtlasQuestion, type Split } from '../../src/atlas';
import { DRILLS, FORMULA_FAMILIES, LONGER_FAMILIES, TRAINED_FAMILIES } from '../../src/atlas/families';
import { isHeldOut } from '../../src/atlas/world';
import { createSqliteEngine } from '../../src/search';
import { parseAnswer } from '../../src/trajectory/parse-action';

function take(split: Split, count: number, seed = 3, facts = loadFacts()): AtlasQuestion[] {
  const questions = atlasQuestions(split, { seed, facts });
  return Array.from({ length: count }, () => questions.next().value);
}

function printed(code: string): string {
  const lines: string[] = [];
  runInNewContext(code, { console: { log: (value: unknown) => lines.push(String(value)) } });
  return lines.join('\n').trim();
}

describe('atlas-qa', () => {
  test.each(['train', 'test', 'families', 'entities'] as const)('split %s is the same for the same seed', (split) => {
    expect(take(split, 60)).toEqual(take(split, 60));
    expect(take(split, 60)).not.toEqual(take(split, 60, 4));
  });

  test.each(['train', 'dev', 'test', 'families', 'entities'] as const)(
    'every gold program of split %s prints the gold result, and the last result is the gold answer',
    (split) => {
      for (const { trajectory } of take(split, 150)) {
        for (const { code, observation } of trajectory.steps)
          if (code !== undefined) expect(printed(code)).toBe(observation);
        expect(parseAnswer(trajectory.finish ?? '')).toBe(trajectory.gold);
        expect(trajectory.steps.at(-1)?.output).toContain(trajectory.gold);
      }
    },
  );

  test('every gold query finds the gold fact in the index, on names never trained on as well', async () => {
    const engine = createSqliteEngine({ documents: atlasDocuments() });
    try {
      for (const split of ['test', 'families', 'entities'] as const)
        for (const { trajectory } of take(split, 120))
          for (const { query, observation } of trajectory.steps)
            if (query !== undefined) expect((await engine.search(query)).text).toBe(observation);
    } finally {
      await engine.close?.();
    }
  });

  test('no question of test or dev is about the same names in the same family as one of train', () => {
    const asked = (questions: AtlasQuestion[]) => new Set(questions.map(({ trajectory }) => trajectory.question));
    const train = asked(take('train', 1500));
    for (const split of ['dev', 'test'] as const)
      expect([...asked(take(split, 300))].filter((question) => train.has(question))).toEqual([]);
  });

  test('train never shows a family of the hard set, and hard questions are of those alone', () => {
    const hard = new Set(take('families', 60).map(({ family }) => family));
    expect(hard.size).toBe(3);
    expect(take('train', 200).filter(({ family }) => hard.has(family))).toEqual([]);
  });

  test('no program that is trained on, the longer ones among them, has the shape of a hard one', () => {
    const shape = ({ trajectory }: AtlasQuestion) =>
      trajectory.steps.map(({ code = '' }) => code.replace(/\d[\d_.]*/g, 'n')).join('');
    const shapes = (split: Split, families: readonly string[]) => {
      const questions = atlasQuestions(split, { seed: 3, families });
      return new Set(Array.from({ length: 40 * families.length }, () => shape(questions.next().value)));
    };
    const hard = shapes('families', ['total-of-four', 'difference-to-sum']);
    expect([...hard].sort()).toEqual(['console.log(n + n + n + n)', 'console.log(n - (n + n))']);
    const longer = shapes('train', LONGER_FAMILIES);
    expect(longer).toContain('console.log(n + n + n + n + n)');
    expect(longer).toContain('console.log(n - (n + n + n))');
    const trained = shapes('train', [...Object.keys(TRAINED_FAMILIES), ...DRILLS]);
    const formulas = shapes('train', Array.from({ length: 20 }, () => FORMULA_FAMILIES).flat());
    expect(formulas.size).toBeGreaterThan(100);
    expect([...longer, ...trained, ...formulas].filter((one) => hard.has(one))).toEqual([]);
  });

  test('a name of the hard set entities is in no training text', () => {
    const train = take('train', 1000).map(({ trajectory }) => JSON.stringify(trajectory));
    const heldOut = [...new Set(loadFacts().map(({ entity }) => entity))].filter(
      (name) => isHeldOut(name) && name.includes(' '),
    );
    expect(heldOut.length).toBeGreaterThan(20);
    for (const name of heldOut) expect(train.filter((text) => text.includes(name))).toEqual([]);
    const hard = take('entities', 100).map(({ trajectory }) => trajectory.question);
    expect(hard.filter((question) => heldOut.some((name) => question.includes(name))).length).toBeGreaterThan(20);
    expect(take('test', 300).some(({ trajectory }) => trajectory.question.includes('Texas'))).toBe(true);
  });

  test('a changed fact changes the gold answer', () => {
    const facts = loadFacts();
    const doubled = facts.map((fact) => (typeof fact.value === 'number' ? { ...fact, value: fact.value * 2 } : fact));
    const sums = (all: typeof facts) =>
      atlasQuestions('test', { seed: 3, facts: all, families: ['total'] }).next().value.trajectory;
    expect(Number(sums(doubled).gold)).toBe(2 * Number(sums(facts).gold));
    expect(sums(doubled).question).toBe(sums(facts).question);
  });

  test('numbers in training are not the atlas: weights have nothing to memorise', () => {
    const real = new Set(loadFacts().map(({ entity, attribute, value }) => `${attribute} of ${entity} ${value}`));
    const shown = take('train', 400).flatMap(({ trajectory }) =>
      trajectory.steps.flatMap(({ query, output }) => {
        const value = / is ([\d,]+)/.exec(output)?.[1]?.replaceAll(',', '');
        return query && value ? [`${query.replace(' of the ', ' of ')} ${value}`] : [];
      }),
    );
    expect(shown.length).toBeGreaterThan(300);
    expect(shown.filter((fact) => real.has(fact)).length / shown.length).toBeLessThan(0.03);
  });
});
