import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atlasDocuments, loadFacts } from '../../src/atlas';

describe('the bundled facts', () => {
  const facts = loadFacts();

  test('name the area of Texas and of Washington as the Census Bureau gives them', () => {
    const area = (name: string) =>
      facts.find(({ entity, attribute, kind }) => entity === name && attribute === 'area' && kind === 'state')?.value;
    expect([area('Texas'), area('Washington')]).toEqual([268_596, 71_298]);
  });

  test('are two thousand or more, each said once, each with source and licence', () => {
    const keys = facts.map(({ kind, entity, attribute }) => `${kind}|${entity}|${attribute}`);
    expect(facts.length).toBeGreaterThan(2000);
    expect(new Set(keys).size).toBe(keys.length);
    expect(facts.filter(({ source, license }) => !source || !license)).toEqual([]);
  });

  test('are consistent where they can be checked against each other', () => {
    const births = new Map(facts.flatMap((f) => (f.attribute === 'birth year' ? [[f.entity, Number(f.value)]] : [])));
    const lives = facts.flatMap(({ attribute, entity, value }) => {
      const born = births.get(entity);
      return attribute === 'death year' && born !== undefined ? [{ entity, years: Number(value) - born }] : [];
    });
    expect(lives.filter(({ years }) => years < 15 || years > 110)).toEqual([]);
    const states = facts.filter(({ kind, attribute }) => kind === 'state' && attribute === 'area');
    expect(states).toHaveLength(50);
    const total = states.reduce((sum, { value }) => sum + Number(value), 0);
    expect(Math.abs(total - 3_796_674)).toBeLessThan(1000);
  });

  test('become documents whose text holds every word of their title', () => {
    for (const { title, text } of atlasDocuments(facts)) {
      const said = text.toLowerCase();
      for (const word of title.toLowerCase().split(' '))
        if (word !== 'of' && word !== 'the') expect(said).toContain(word);
    }
  });

  test('are refused with file and line when one is malformed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-'));
    try {
      writeFileSync(join(folder, 'lake.jsonl'), '{"entity":"Lake Erie"}\n');
      expect(() => loadFacts(folder)).toThrow(/lake\.jsonl:1 is not a fact/);
      writeFileSync(join(folder, 'lake.jsonl'), '\n{"entity"\n');
      expect(() => loadFacts(folder)).toThrow(/lake\.jsonl:2 is not JSON/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('that are not there end with a sentence that names the folder and the remedy', () => {
    const folder = join(tmpdir(), 'no-atlas-here');
    expect(() => loadFacts(folder)).toThrow(
      `The bundled facts cannot be read from ${folder} (ENOENT). Install temporal-husky again, or name a search engine or index of your own.`,
    );
  });
});
