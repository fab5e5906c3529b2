/** The page of the endpoint in a real browser, over a real Temporal server. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import type { Browser, Page, Route } from 'playwright-core';
import { z } from 'zod';
import { createEndpoint } from '../../src/endpoint/create-endpoint';
import type { SolutionList } from '../../src/endpoint/page-contract';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { defineTool } from '../../src/tools/define-tool';
import { CHROMIUM, launchBrowser, NO_BROWSER, openPage } from '../browser';
import { startServer, withWorkers, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';

const KEY = 'a-key-of-this-test';
const OTHER_KEY = 'another-key-of-this-test';
const ATTACK = '<img src=x onerror="globalThis.attacked=1"><script>globalThis.attacked=1</script>';

/** A model that writes HTML in every field. */
const hostile: ScriptedSolution = {
  question: `Is ${ATTACK} text?`,
  steps: [{ tool: 'code', step: `Print ${ATTACK}.`, code: `print('${ATTACK}')`, observation: ATTACK, output: ATTACK }],
  answer: ATTACK,
};

const sent: unknown[] = [];
/** A tool with a schema, whose arguments people read. */
const mail = defineTool({
  name: 'mail',
  description: 'sends a message to a person',
  input: z.object({ to: z.string(), text: z.string() }),
  run: (args) => {
    sent.push(args);
    return 'It is sent.';
  },
});
const mailed: ScriptedSolution = {
  question: 'Tell Bob that the kettle boils.',
  steps: [{ tool: 'mail', step: 'Write to Bob.', arguments: { to: 'all', text: 'It boils.' }, output: 'It is sent.' }],
  answer: 'It is sent.',
};

const inBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) test.skip(`${NO_BROWSER}`, () => undefined);

inBrowser('the page in a browser', () => {
  let folder: string;
  let temporal: TestServer;
  let browser: Browser;
  let page: Page;
  let url: string;
  let close: () => Promise<void>;
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'husky-page-'));
    execFileSync(process.execPath, [join(__dirname, '../../scripts/bundle-page.mjs'), folder]);
    temporal = await startServer();
    browser = await launchBrowser();
    const script = scriptSolutions([spiders, hostile, mailed], { delayMs: 60 });
    // Workers and endpoint stay for all tests of this file.
    await new Promise<void>((opened, failed) => {
      let leave = () => {};
      const left = new Promise<void>((resolve) => (leave = resolve));
      const done = withWorkers(temporal, { parts: { ...script.parts, tools: [mail] } }, async (husky) => {
        const endpoint = createEndpoint({ husky, keys: [KEY, OTHER_KEY], page: folder });
        const server = serve({ fetch: endpoint.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
        await new Promise((ready) => (server.listening ? ready(0) : server.once('listening', ready)));
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        opened();
        await left;
        server.closeAllConnections();
        server.close();
      });
      done.catch(failed);
      close = async () => {
        leave();
        await done;
      };
    });
    page = await openPage(browser, { viewport: { width: 1280, height: 900 } });
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await close?.();
    await temporal?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** For people who change the page: HUSKY_SCREENSHOTS names a folder for pictures of it. */
  const picture = async (name: string) => {
    const to = process.env.HUSKY_SCREENSHOTS;
    if (to) await page.screenshot({ path: join(to, `${name}.png`), fullPage: true });
  };
  const heading = (text: string) => page.waitForSelector(`h1:text-is("${text}")`);
  const ask = async (question: string) => {
    await page.goto(`${url}/#/`);
    await page.fill('#question', question);
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.answer');
  };

  test('asks for the key, by keyboard alone, and keeps the question that was typed', async () => {
    await page.goto(`${url}/`);
    await heading('Ask a question');
    expect(await page.title()).toBe('Ask a question · Husky');
    await page.focus('#question');
    await page.keyboard.type(spiders.question);
    await page.keyboard.press('Control+Enter');
    await heading('A key is needed');
    await page.focus('#key');
    await page.keyboard.type('another key');
    await page.keyboard.press('Enter');
    await heading('Ask a question');
    expect(await page.inputValue('#question')).toBe(spiders.question);
    await page.focus('#question');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('[role=alert]:text("That key is not known here.")');
    await page.fill('#key', KEY);
    await page.keyboard.press('Enter');
    await heading('Ask a question');
    // Chromium tells of each 401; nothing else may be told.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    complaints.length = 0;
  });

  test('steps come in one by one, each once, and then the answer', async () => {
    await page.focus('#question');
    await page.keyboard.press('Control+Enter');
    await heading('Solution');
    await page.waitForSelector('.step');
    expect(await page.locator('button:text-is("Finish now")').count()).toBe(1);
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('H1');
    await page.waitForSelector('.answer');
    expect(await page.title()).toContain(spiders.question.slice(0, 60));
    expect(await page.locator('.step').count()).toBe(spiders.steps.length);
    const texts = await page.locator('.step > .text').allTextContents();
    expect(texts).toEqual(spiders.steps.map(({ output }) => output));
    expect(await page.textContent('.answer')).toContain(spiders.answer);
    expect(await page.textContent('pre[aria-label=Program]')).toBe(spiders.steps[3]?.code);
    expect(await page.textContent('pre[aria-label="Sources found"]')).toBe(spiders.steps[0]?.observation);
    expect(await page.textContent('[role=status]')).toContain(`Answer: ${spiders.answer}`);
    await picture('solution');
  });

  test('a page that is opened anew shows the same', async () => {
    await page.reload();
    await page.waitForSelector('.answer');
    expect(await page.locator('.step').count()).toBe(spiders.steps.length);
  });

  test('what a model writes is text, whatever it is', async () => {
    await ask(hostile.question);
    expect(await page.textContent('.answer .text')).toBe(ATTACK);
    expect(await page.textContent('.step > .text')).toBe(ATTACK);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.evaluate('globalThis.attacked')).toBeUndefined();
  });

  test('an address that was cut within a character is no blank page', async () => {
    await page.goto(`${url}/?cut#/solution/husky%`);
    await heading('Solution');
    await page.waitForSelector('[role=alert]');
    // Chromium tells of the 404.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
    complaints.length = 0;
  });

  // ollama/ollama#16954, anthropics/claude-code#74759
  test('texts run in the direction of their letters', async () => {
    await page.goto(`${url}/#/`);
    const style = `getComputedStyle(document.querySelector('#question'))`;
    expect(await page.evaluate(`[${style}.unicodeBidi, ${style}.textAlign]`)).toEqual(['plaintext', 'start']);
  });

  test('the list is searched, and two solutions stand side by side', async () => {
    await ask(spiders.question);
    await page.click('nav a:text-is("Solutions")');
    // The server lists what has just ended a moment later.
    while ((await page.locator('.found > li').count()) < 3) {
      await page.click('button:text-is("Look again")');
      await page.waitForTimeout(300);
    }
    await page.fill('#words', 'spiders');
    await page.waitForSelector('[role=status]:text("2 solutions")');
    await picture('solutions');
    for (const box of await page.locator('.found input').all()) await box.check();
    await page.click('button:text-is("Compare the two chosen")');
    await heading('Two solutions');
    await page.waitForSelector('.pair');
    expect(await page.locator('.step').count()).toBe(2 * spiders.steps.length);
    const answers = page.locator('tr:has(th:text-is("Answer"))');
    expect(await answers.getAttribute('class')).toBe('');
    await picture('compare');
  });

  test('all text grows for a person whose browser has a larger font by default', async () => {
    await page.goto(`${url}/#/`);
    const sizes = (size: string) =>
      page.evaluate<number[]>(`document.documentElement.style.fontSize = '${size}';
        ['label', 'textarea', 'button', '.hint', 'h1'].map((one) => parseFloat(getComputedStyle(document.querySelector(one)).fontSize))`);
    const before = await sizes('');
    expect(await sizes('200%')).toEqual(before.map((size) => 2 * size));
    await sizes('');
  });

  test('where colours are forced, one place alone is marked as the one where one is', async () => {
    await page.goto(`${url}/#/solutions`);
    await page.emulateMedia({ forcedColors: 'active' });
    const lines = `[...document.querySelectorAll('nav a')].map((link) => getComputedStyle(link).borderBottomColor)`;
    const [ask, solutions] = await page.evaluate<string[]>(lines);
    expect(ask).not.toBe(solutions);
    await page.emulateMedia({ forcedColors: 'none' });
  });

  test('a solution is cancelled from the page', async () => {
    await page.goto(`${url}/#/`);
    await page.fill('#question', spiders.question);
    await page.keyboard.press('Control+Enter');
    await page.click('button:text-is("Cancel")');
    await page.waitForSelector('.facts :text-is("cancelled")');
  });

  const askWaiting = async (question: string, approval: string) => {
    await page.goto(`${url}/#/`);
    await page.fill('#question', question);
    await page.selectOption('#approval', approval);
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.asked');
  };

  test('a program waits for a person, who is asked for a name once and approves it, by keyboard', async () => {
    await askWaiting(spiders.question, 'programs');
    expect(await page.textContent('.asked pre[aria-label=Program]')).toBe(spiders.steps[3]?.code);
    expect(await page.textContent('.hidden[role=status]')).toContain('Step 4 waits for a person. code:');
    expect(await page.locator('button:text-is("Approve")').count()).toBe(0);
    await page.focus('#name');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Enter');
    await page.waitForSelector('button:text-is("Approve")');
    await page.waitForSelector('[id="asked-1.4"]:focus');
    await picture('waiting');
    await page.focus('button:text-is("Approve")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.answer');
    expect(await page.locator('.step').last().textContent()).toContain('approved by Ada');
  });

  test('steps are refused, answered and edited in their place, with a hint on the way', async () => {
    await askWaiting(spiders.question, 'always');
    const waits = (id: string) => page.waitForSelector(`[id="asked-${id}"]`);
    const decide = async (way: string, field: string, text: string, send: string) => {
      await page.click(`button:text-is("${way}")`);
      await page.waitForSelector('textarea:focus');
      await page.fill(field, text);
      await page.click(`button:text-is("${send}")`);
    };
    await waits('1.1');
    await decide('Refuse', '#refuse-reason', 'The jar is open, so take 12.', 'Refuse it');
    await waits('1.2');
    await decide('Answer', '#answer-answer', 'An insect has 6 legs.', 'Give this result');
    await waits('1.3');
    await page.fill('#hint', 'Add them at the end.');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=status]:text-is("The hint is read before the next step.")');
    await decide('Edit', '#edit-tool', 'abacus', 'Carry it out so');
    await page.waitForSelector('[role=alert]:has-text("There is no tool abacus; there are")');
    await page.fill('#edit-tool', 'commonsense');
    await page.click('button:text-is("Carry it out so")');
    await page.waitForSelector('.step:has-text("edited by Ada")');
    const refused = (await page.locator('.step').first().textContent()) ?? '';
    expect(refused).toContain('refused by Ada: The jar is open, so take 12.');
    expect(refused.split('The jar is open')).toHaveLength(2);
    expect(await page.locator('.step').nth(1).textContent()).toContain('answered by Ada');
    await page.click('button:text-is("Cancel")');
    await page.waitForSelector('.facts :text-is("cancelled")');
    // Chromium tells of the tool that was refused.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
    complaints.length = 0;
  });

  test('the arguments of a tool are read and changed before it is called with them', async () => {
    await askWaiting(mailed.question, 'always');
    expect(await page.textContent('.asked .warn')).toBe('This call waits for a person.');
    expect(JSON.parse((await page.textContent('.asked pre[aria-label=Arguments]')) ?? '')).toEqual(
      mailed.steps[0]?.arguments,
    );
    await page.click('button:text-is("Edit")');
    await picture('arguments');
    await page.fill('#edit-arguments', '{"to": "bob"');
    await page.click('button:text-is("Carry it out so")');
    await page.waitForSelector('[role=alert]:has-text("The arguments are no JSON")');
    await page.fill('#edit-arguments', '{"to": "bob", "text": "It boils."}');
    await page.click('button:text-is("Carry it out so")');
    await page.waitForSelector('.answer');
    expect(sent).toEqual([{ to: 'bob', text: 'It boils.' }]);
    expect(await page.locator('.step').last().textContent()).toContain('edited by Ada');
  });

  test('what a model wants to do is text, too, while it waits', async () => {
    await askWaiting(hostile.question, 'always');
    expect(await page.textContent('.asked h3')).toContain(ATTACK);
    expect(await page.textContent('.asked pre[aria-label=Program]')).toBe(hostile.steps[0]?.code);
    expect(await page.locator('main img, main script').count()).toBe(0);
  });

  test('who was slower is told who was faster; the list shows what waits, and what is paused', async () => {
    await askWaiting(spiders.question, 'always');
    const id = decodeURIComponent(new URL(page.url()).hash.split('/')[2] ?? '');
    const approvedByBob = (approval: string) =>
      fetch(`${url}/api/solutions/${encodeURIComponent(id)}/approve`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ by: 'Bob', approval }),
      });
    const faster = async (route: Route) => {
      await approvedByBob('1.1');
      await route.continue();
    };
    await page.route('**/approve', faster, { times: 1 });
    await page.click('button:text-is("Approve")');
    await page.waitForSelector('[role=alert]:has-text("Step 1.1 was approved by Bob")');
    expect(await page.locator('[role=alert]').allTextContents()).toEqual([expect.not.stringContaining('husky')]);
    await page.waitForSelector('[id="asked-1.2"]');
    await page.click('button:text-is("Pause")');
    await page.waitForSelector('[role=status]:has-text("Paused by Ada since")');
    await page.click('nav a:text-is("Solutions")');
    await page.selectOption('#status', 'waiting');
    while ((await page.locator(`.found li:has(a[href$="${id}"]) .warn:has-text("paused by Ada; 1.2")`).count()) < 1) {
      await page.click('button:text-is("Look again")');
      await page.waitForTimeout(300);
    }
    await picture('waiting-list');
    await page.click(`.found a[href$="${id}"]`);
    await page.click('button:text-is("Resume")');
    await page.waitForSelector('button:text-is("Pause")');
    await page.click('button:text-is("Refuse")');
    await page.fill('#refuse-reason', 'It is the other jar.');
    await approvedByBob('1.2');
    await page.waitForSelector(
      '[role=alert]:text-is("Step 2 was decided while you wrote. This was not sent: It is the other jar.")',
    );
    expect(complaints.filter((text) => !text.includes('409'))).toEqual([]);
    complaints.length = 0;
  });

  test('another key sees nothing of it', async () => {
    const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    const mine = (await (await fetch(`${url}/api/solutions`, withKey(KEY))).json()) as SolutionList;
    const theirs = (await (await fetch(`${url}/api/solutions`, withKey(OTHER_KEY))).json()) as SolutionList;
    expect([mine.solutions.length > 2, theirs.solutions]).toEqual([true, []]);
    const one = await fetch(`${url}/api/solutions/${mine.solutions[0]?.id}`, withKey(OTHER_KEY));
    expect(one.status).toBe(404);
    expect((await fetch(`${url}/api/solutions`)).status).toBe(401);
  });

  describe.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('%s, %i pixels wide', (colorScheme, width) => {
    test.each(['#/', '#/solutions', 'solution', 'compare', 'waiting'])(
      'no axe violation, and nothing to scroll sideways: %s',
      async (place) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        const wanted = place === 'waiting' ? 'status=waiting' : 'text=spiders&status=completed';
        const listed = await fetch(`${url}/api/solutions?${wanted}`, {
          headers: { authorization: `Bearer ${KEY}` },
        });
        const { solutions } = (await listed.json()) as { solutions: { id: string }[] };
        const [one, two] = solutions.map(({ id }) => id);
        const hash =
          place === 'waiting'
            ? `#/solution/${one}`
            : place === 'solution'
              ? `#/solution/${two}`
              : place === 'compare'
                ? `#/compare/${one}/${two}`
                : place;
        await page.goto(`${url}/${hash}`);
        await page.waitForSelector(
          { '#/': '#question', '#/solutions': '.found > li', solution: '.step', compare: '.pair', waiting: '.asked' }[
            place
          ] ?? '',
        );
        if (place === 'waiting') await page.click('button:text-is("Edit")');
        await picture(`${place.replace('#/', 'place-')}-${colorScheme}-${width}`);
        // The policy of the page allows no script of ours: axe comes in through the debugger.
        await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
        const violations = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }> };
          };
          return (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]);
        });
        expect(violations).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      },
    );
  });

  test('asks nobody but its own server, and complains of nothing', () => {
    expect(requests.filter((address) => !address.startsWith(url) && !address.startsWith('data:'))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
