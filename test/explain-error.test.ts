import { explainError } from '../src/explain-error';

test('a file that cannot be replaced is named, not its draft', () => {
  const refused = Object.assign(new Error('no'), { code: 'EACCES', syscall: 'open', path: '/a/husky.yaml.12.new' });
  expect(explainError(refused)).toMatchObject({
    message: '/a/husky.yaml cannot be opened: permission denied.',
    exitCode: 2,
  });
});
