import { createTerminal } from '../../src/cli/terminal/terminal';
import { timeLeft } from '../../src/cli/terminal/time-left';

// NousResearch/hermes-agent#11958, denoland/std#6975
test('a status line stays one line, however wide its letters are', () => {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 40, write: (text: string) => written.push(text) };
  const terminal = createTerminal(stream as unknown as NodeJS.WriteStream);
  terminal.status(`step 1: ${'東京タワー'.repeat(20)}`);
  terminal.line('done');
  terminal.status(undefined);
  const drawn = written.filter((text) => text.includes('東京'));
  expect(drawn).toHaveLength(2);
  for (const text of drawn) expect(text).toMatch(/^\r\x1b\[2K\x1b\[\?7l[^\n]{1,40}\x1b\[\?7h$/u);
  expect(written.at(-1)).toBe('\r\x1b[2K');
});

test.each([
  [1, 'about 10 s left'],
  [31_000, 'about 40 s left'],
  [61_000, 'about 2 min left'],
  [3_724_000, 'about 63 min left'],
  [20_000_000, 'about 6 h left'],
])('%s ms are %s', (ms, text) => {
  expect(timeLeft(ms)).toBe(text);
});
