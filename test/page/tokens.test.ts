/** The page shows what a model writes while it writes it. */
import { execFileSync } from 'node:child_process';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { createEndpoint } from '../../src/endpoint/create-endpoint';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { CHROMIUM, launchBrowser, NO_BROWSER, openPage } from '../browser';
import { startServer, withWorkers } from '../integration/harness';
import { startStreamingServer } from '../integration/streaming-server';
import { temporaryFolder } from '../temporary-folder';

const legs: ScriptedSolution = {
  question: 'How many legs do three spiders have?',
  steps: [
    { tool: 'math', step: 'Multiply 3 by 8.', output: 'A spider has 8 legs, so 3 spiders have 3 x 8 = 24 legs.' },
  ],
  answer: '24',
};

const inBrowser = CHROMIUM ? test : test.skip;
if (!CHROMIUM) test.skip(`${NO_BROWSER}`, () => undefined);

inBrowser(
  'text grows while it is written, on a phone in the dark, and the step takes its place',
  async () => {
    const folder = temporaryFolder('page');
    execFileSync(process.execPath, [join(__dirname, '../../scripts/bundle-page.mjs'), folder]);
    const temporal = await startServer();
    const models = await startStreamingServer([legs]);
    const browser = await launchBrowser();
    const { search, sandbox } = scriptSolutions([legs]).parts;
    await withWorkers(temporal, { config: models.config, parts: { search, sandbox } }, async (husky) => {
      const endpoint = createEndpoint({ husky, keys: [], page: folder });
      const server = serve({ fetch: endpoint.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
      await new Promise((ready) => (server.listening ? ready(0) : server.once('listening', ready)));
      const page = await openPage(browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
      const held = models.hold('math');
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.fill('#question', legs.question);
      await page.focus('#tokens');
      await page.keyboard.press('Space');
      await page.focus('#question');
      await page.keyboard.press('Control+Enter');
      await held.reached;
      held.write(4);
      await page.waitForSelector('.writing:text-is("A spider has 8")');
      held.write(4);
      await page.waitForSelector('.writing:text-is("A spider has 8 legs, so 3 spiders")');
      expect(await page.locator('.step').count()).toBe(0);
      const to = process.env.HUSKY_SCREENSHOTS;
      if (to) await page.screenshot({ path: join(to, 'writing.png'), fullPage: true });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      held.release();
      await page.waitForSelector('.answer');
      expect(await page.locator('.step > .text').allTextContents()).toEqual([legs.steps[0]?.output]);
      expect(await page.locator('.writing').count()).toBe(0);
      server.closeAllConnections();
      server.close();
    });
    await browser.close();
    await models.close();
    await temporal.stop();
  },
  180_000,
);
