import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { buildReport } from '../../src/evaluation/report/build-report';
import type { Sample } from '../../src/formats/run';
import { CHROMIUM, launchBrowser, NO_BROWSER, openPage } from '../browser';
import { makeRun, makeSamples } from './report-runs';

/** As if a model that changes its mind now and then had judged. */
const judged = (samples: Sample[]): Sample[] =>
  samples.map(({ verdict, ...rest }, i) => {
    const { correct } = verdict;
    return {
      ...rest,
      verdict: { ...verdict, judgements: [correct, correct || i % 7 === 0], metric: { name: 'answer', correct } },
    };
  });

const SAMPLES = 5000;
const OTHERS = 60;
const inBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) test.skip(`${NO_BROWSER}`, () => undefined);

inBrowser('the report in a browser', () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  let address: string;
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'husky-report-'));
    const tasks = ['atlas-qa', 'gsm8k', 'bamboogle'];
    const runs = [
      makeRun('husky-tiny', makeSamples(SAMPLES, 0.25, 1, tasks)),
      makeRun('cot-tiny', judged(makeSamples(OTHERS, 0.6, 2, tasks)), { system: 'cot' }),
    ];
    writeFileSync(join(folder, 'report.html'), buildReport(runs));
    address = pathToFileURL(join(folder, 'report.html')).href;
    browser = await launchBrowser();
    page = await openPage(browser, { viewport: { width: 1280, height: 900 } });
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ready = () => page.waitForSelector('html[data-ready]', { timeout: 150_000 });
  const shown = async () => Number((await page.textContent('#count'))?.split(' ')[0]?.replaceAll(',', ''));

  test('opens with 5,060 samples, of which only the visible lines exist', async () => {
    await page.goto(address);
    await ready();
    expect(await shown()).toBe(SAMPLES + OTHERS);
    expect(await page.locator('[role=option]').count()).toBeLessThan(60);
    const opened = Number(await page.getAttribute('html', 'data-ready'));
    expect(opened).toBeGreaterThan(0);
    process.stderr.write(`report of ${SAMPLES + OTHERS} samples: usable after ${opened} ms\n`);
  });

  test('asks for nothing but itself and complains of nothing', () => {
    expect(requests.filter((url) => url !== address)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('search and filters narrow the list, Escape widens it', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('atlas-qa:42:0');
    expect(await shown()).toBe(2);
    await page.keyboard.press('Escape');
    expect(await shown()).toBe(SAMPLES + OTHERS);
    await page.selectOption('#filter-run', 'husky-tiny');
    await page.selectOption('#filter-verdict', 'wrong');
    const wrong = await shown();
    await page.selectOption('#filter-verdict', 'right');
    expect(wrong + (await shown())).toBe(SAMPLES);
    await page.fill('#query', 'there is no such text');
    expect(await shown()).toBe(0);
    expect(await page.textContent('#detail')).toContain('No sample matches.');
    await page.fill('#query', '');
    await page.selectOption('#filter-run', '');
    await page.selectOption('#filter-verdict', '');
  });

  test('a rule of the failure table shows its answers', async () => {
    await page.locator('[data-filter=code-error]').first().click();
    expect(await page.inputValue('#filter-rule')).toBe('code-error');
    expect(await shown()).toBeGreaterThan(0);
    await page.waitForSelector('#detail :text("ReferenceError: texas is not defined")');
    await page.selectOption('#filter-rule', '');
    await page.selectOption('#filter-run', '');
  });

  test('the keyboard walks through the list, and the chosen sample is shown', async () => {
    await page.focus('#list');
    await page.keyboard.press('Home');
    await page.waitForSelector('#detail[data-shows="husky-tiny|atlas-qa:0:0"]');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('#detail[data-shows="husky-tiny|gsm8k:1:0"]');
    await page.keyboard.press('k');
    await page.waitForSelector('#detail[data-shows="husky-tiny|atlas-qa:0:0"]');
    await page.keyboard.press('End');
    const active = await page.getAttribute('#list', 'aria-activedescendant');
    const option = page.locator(`#${active}`);
    expect(await option.getAttribute('aria-posinset')).toBe(String(SAMPLES + OTHERS));
    expect(await option.isVisible()).toBe(true);
  });

  test('an address opens its sample', async () => {
    await page.goto(`${address}#sample=${encodeURIComponent('husky-tiny|gsm8k:4000:0')}`);
    await ready();
    await page.waitForSelector('#detail[data-shows="husky-tiny|gsm8k:4000:0"]');
    expect(await page.getAttribute('[aria-selected=true]', 'aria-posinset')).toBe('4001');
  });

  test('an address that was cut within a character opens the report', async () => {
    await page.goto(`${address}?cut#sample=husky-tiny%7`);
    await ready();
    expect(await shown()).toBe(SAMPLES + OTHERS);
    expect(complaints).toEqual([]);
  });

  // ollama/ollama#16954, anthropics/claude-code#74759
  test('texts run in the direction of their letters', async () => {
    await page.evaluate(`document.querySelector('#detail .question').textContent = 'כמה עולה ה-PC?'`);
    const style = `getComputedStyle(document.querySelector('#detail .question'))`;
    expect(await page.evaluate(`[${style}.unicodeBidi, ${style}.textAlign]`)).toEqual(['plaintext', 'start']);
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 480],
    ['dark', 480],
  ] as const)(
    'no axe violation, %s, %i pixels wide',
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(address);
      await ready();
      await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: {
            run(): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }>;
          };
        };
        const { violations } = await axe.run();
        return violations.map(({ id, nodes }) => ({
          id,
          nodes: nodes.slice(0, 3).map(({ target, failureSummary }) => ({ target, failureSummary })),
        }));
      });
      expect(violations).toEqual([]);
    },
    180_000,
  );

  test('a narrow window scrolls down, not sideways', async () => {
    await page.setViewportSize({ width: 480, height: 900 });
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(480);
  });

  if (process.env.HUSKY_SCREENSHOTS)
    test('screenshots', async () => {
      for (const [name, colorScheme, width] of [
        ['light', 'light', 1280],
        ['dark', 'dark', 1280],
        ['narrow', 'light', 480],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(address);
        await ready();
        const path = (part: string) => join(process.env.HUSKY_SCREENSHOTS ?? '', `${name}-${part}.png`);
        await page.screenshot({ path: path('top') });
        for (const section of ['scores', 'judge', 'comparison', 'failures', 'cost', 'steps'])
          await page.locator(`#${section}`).screenshot({ path: path(section) });
        await page.locator('[data-filter=wrong-query]').first().click();
        await page.screenshot({ path: path('samples') });
      }
    }, 300_000);
});
