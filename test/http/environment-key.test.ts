import { environmentKey } from '../../src/http/environment-key';

const read = (KEY: string | undefined) => environmentKey('KEY', { KEY });

test('a key is read without what mounted secrets and files of variables keep around it', () => {
  for (const value of ['sk-1', 'sk-1\n', ' sk-1\r\n', '\tsk-1 ']) expect(read(value)).toBe('sk-1');
});

test('what no header may hold, and quotes around it, are a problem of the variable', () => {
  for (const nothing of [undefined, '', ' \n']) expect(read(nothing)).toEqual({ problem: 'is not set' });
  for (const quoted of ['"sk-1"', "'sk-1'\n", '`sk-1`'])
    expect(read(quoted)).toEqual({ problem: 'has quotes around its value' });
  for (const broken of ['sk\n-1', 'sk-\u00e4', 'sk-1\u200b2', 'sk-\u2026'])
    expect(read(broken)).toEqual({ problem: expect.stringContaining('a character that no key has') });
});
