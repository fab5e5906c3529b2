/** The page in a real browser while `husky serve` is killed under it: it takes its stream up again by itself. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { CHROMIUM, launchBrowser, NO_BROWSER, openPage } from '../browser';
import { household, type Household, type Started } from '../cli/command';
import { freePort } from '../free-port';
import { startServer, type TestServer } from '../integration/harness';
import { startScriptedServers, type ScriptedServers } from '../integration/scripted-servers';
import { spiders } from '../integration/solutions';

jest.setTimeout(300_000);

const BUILT = existsSync(join(__dirname, '../../dist/page/page.js'));
const possible = CHROMIUM && process.env.HUSKY_TEST_BUILD && BUILT ? describe : describe.skip;
if (!CHROMIUM) test.skip(`${NO_BROWSER}`, () => undefined);
else if (possible !== describe) test.skip('skipped: the page is built by npm test', () => undefined);

possible('the page while its server dies', () => {
  let home: Household;
  let models: ScriptedServers;
  let temporal: TestServer;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    home = household();
    models = await startScriptedServers([spiders]);
    temporal = await startServer();
    browser = await launchBrowser();
    page = await openPage(browser);
    writeFileSync(
      join(home.folder, 'husky.json'),
      JSON.stringify({ ...models.config, timeouts: { heartbeatMs: 5000 } }),
    );
  });
  afterAll(async () => {
    await browser?.close();
    await home.close();
    await models.close();
    await temporal.stop();
  });

  const start = (command: string, ...args: string[]): Started =>
    home.start([command, '--config', 'husky.json', ...args], { env: { TEMPORAL_ADDRESS: temporal.address } });
  const outputs = () => page.locator('.step > .text').allTextContents();

  test('says that the server is away, keeps the steps, and has each step once and the answer when it is back', async () => {
    const held = models.hold('math');
    const port = String(await freePort());
    const first = start('serve', '--json', '--port', port);
    const [, url = ''] = await first.until(/"page":"(http:\/\/[\d.]+:\d+)\/"/);
    await page.goto(`${url}/`);
    await page.fill('#question', spiders.question);
    await page.keyboard.press('Control+Enter');
    await held.reached;
    await page.waitForSelector('.step:nth-child(2)');
    first.child.kill('SIGKILL');
    await first.done;
    await held.abandoned;
    held.release();
    await page.waitForSelector('[role=alert]:has-text("The server does not answer")');
    expect(await outputs()).toEqual(spiders.steps.slice(0, 2).map(({ output }) => output));
    start('serve', '--json', '--port', port);
    await page.waitForSelector('.answer');
    expect(await outputs()).toEqual(spiders.steps.map(({ output }) => output));
    expect(await page.textContent('.answer')).toContain(spiders.answer);
    expect(await page.locator('[role=alert]').count()).toBe(0);
    expect(models.repeats()).toEqual([]);
  });
});
