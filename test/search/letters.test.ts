/** Letters that name things, abbreviations with and without points, and characters that stand for others. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buildIndex, createSqliteEngine, type SearchDocument } from '../../src/search';
import { plainWords, queryTerms } from '../../src/search/sqlite/query-terms';

const PROSE = ` This article describes it in some detail, so that the text is prose rather than a bare fact, and goes on for quite a while
  about its history, its setting and its reception over the years.`;
const ARTICLES: SearchDocument[] = (
  [
    ['France', 'France has a population of 67 million people.'],
    ['Vermont', 'The population of Vermont is 647,000. It is a state in New England.'],
    ['Callers', 'Call us about the population of birds.'],
    ['United States demographics', 'The U.S. population is 331 million according to the census.'],
    ['Kingdoms', 'The UK has a queen or a king.'],
    ['Water', 'Water is a molecule with formula H₂O; it boils at 100 °C.'],
    ['Peroxide', 'Hydrogen peroxide has formula H2O2.'],
    ['Emissions', 'Global CO2 emissions reached 37 gigatonnes in 2023.'],
    ['Sound', 'The Ｓｏｎｙ radio is written in full width letters here.'],
    ['AT&T', 'AT&T is an American company founded in 1885.'],
    ['Tea', 'People meet at tea at home at five at night.'],
    ['UK prime ministers', 'The U.K. prime minister lives at 10 Downing Street.'],
    ['Japan prime ministers', 'The prime minister of Japan lives in the Kantei.'],
    ['ハンカク', 'ｶﾒﾗ is a device in half width katakana.'],
    ['Plot', 'The plot measures 10² rods.'],
    ['Vitamin D', 'Vitamin D helps bones.'],
    ['Vitamin K', 'Vitamin K helps blood clot.'],
    ['Plan A', 'Plan A was released in 1999.'],
    ['Plan B', 'Plan B was released in 2009.'],
    ['World War II', 'World War II ended in 1945.'],
    ['World War I', 'World War I ended in 1918.'],
    ['Budgets', 'The R&D budget is 5 million.'],
    ['Spending', 'The budget of the canteen is small.'],
  ] as const
).map(([title, text]) => ({ title, text: text + PROSE }));

const FACTS: SearchDocument[] = [
  { title: 'George Bush', text: 'Birth year: 1946.' },
  { title: 'Vitamin D', text: 'Helps bones.' },
  { title: 'J. K. Rowling', text: 'Birth year: 1965.' },
  { title: "Shaquille O'Neal", text: 'Height: 216 cm.' },
];

const articles = createSqliteEngine({ documents: ARTICLES });
const facts = createSqliteEngine({ documents: FACTS });
afterAll(() => {
  articles.close?.();
  facts.close?.();
});
const found = async (engine: typeof articles, query: string) => (await engine.search(query)).results[0]?.title;

test.each([
  ['U.S. population', 'United States demographics'],
  ['population of the U.S.', 'United States demographics'],
  ['US population', 'United States demographics'],
  ['U.K. prime minister', 'UK prime ministers'],
  ['Who is the U.K. queen?', 'Kingdoms'],
  ['H2O', 'Water'],
  ['water H2O', 'Water'],
  ['H₂O', 'Water'],
  ['CO₂ emissions', 'Emissions'],
  ['Sony radio', 'Sound'],
  ['カメラ', 'ハンカク'],
  ['AT&T founded', 'AT&T'],
  ['R&D budget', 'Budgets'],
  ['Vitamin K', 'Vitamin K'],
  ['what does Vitamin K do?', 'Vitamin K'],
  ['When was Plan B released?', 'Plan B'],
  ['When was Plan A released?', 'Plan A'],
  ['World War I ended', 'World War I'],
])('%s finds %s', async (query, title) => expect(await found(articles, query)).toBe(title));

test('other characters of one value are indexed, a raised digit is none', () => {
  expect(plainWords('10² H₂O 2½ Ｓｏｎｙ')).toBe('h2o sony');
  expect(queryTerms('Tell us about the population').map(({ word }) => word)).not.toContain('u s');
  expect(queryTerms('A. Paris B. London').map(({ word }) => word)).toEqual(['paris', 'london']);
});

test.each([
  ['George W. Bush birth year', 'George Bush'],
  ['What is the birth year of George W. Bush?', 'George Bush'],
  ['J.K. Rowling birth year', 'J. K. Rowling'],
  ["How tall is Shaquille O'Neal?", "Shaquille O'Neal"],
  ['What does Vitamin K help?', undefined],
])('of facts, %s finds %s', async (query, title) => expect(await found(facts, query)).toBe(title));

test('an index of an earlier version is read, and is built again from the same documents', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'husky-letters-'));
  const path = join(folder, 'index.db');
  buildIndex(path, ARTICLES);
  const database = new DatabaseSync(path);
  database.exec("UPDATE documents SET plain = ''; UPDATE meta SET value = 'earlier' WHERE key = 'contentHash'");
  database.close();
  const old = createSqliteEngine({ path });
  expect(await found(old, 'H₂O')).toBe('Water');
  expect(await found(old, 'U.S. population')).toBe('United States demographics');
  old.close?.();
  expect(buildIndex(path, ARTICLES).built).toBe(true);
  rmSync(folder, { recursive: true });
});
