import { falseProduct } from '../../src/trajectory/equations';

test.each([
  ['So \\[ 7021 = 7 \\times 11 \\times 13 \\].', '7021 = 7 × 11 × 13'],
  ['1,003 = 7 · 143', '1,003 = 7 · 143'],
  ['143 = 11 * 12.', '143 = 11 * 12'],
])('%s is false', (text, product) => {
  expect(falseProduct(text)).toBe(product);
});

test.each([
  '7021 = 7 × 17 × 59',
  '12 = 2^2 × 3 and 12 = 3 × 2^2',
  '37^3 = 37 × 37 × 37',
  '2147 = 19 × 113 + 0',
  '41697 = 2147 \\times 19 + 904',
  'x + 12 = 3 × 5',
  '7.5 = 3 × 2.5',
  '100 = 3 × 5x and 20 = 4 × (2 + 3)',
  '150 = 3 × 5 × 10 = 150',
  '30% = 3 × 5',
])('%s says nothing false', (text) => {
  expect(falseProduct(text)).toBeUndefined();
});
