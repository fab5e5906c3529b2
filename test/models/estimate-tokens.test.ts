import { estimateTokens } from '../../src/models';

test.each([
  ['English prose, of which a token takes about four characters', 'The area of Texas is large. '.repeat(10), 94],
  ['Russian', 'Площадь'.repeat(10), 35],
  ['Chinese, where a character may be a token', '德克萨斯州的面积'.repeat(10), 80],
  ['nothing', '', 0],
])('the estimate errs on the safe side: %s', (_, text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});
