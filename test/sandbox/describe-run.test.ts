import { describeRun, type RunResult } from '../../src/sandbox';

function ran(part: Partial<RunResult> = {}): RunResult {
  return { ok: true, stdout: '', stderr: '', durationMs: 1, truncated: false, ...part };
}

describe('output style husky-v1 reads output as the reference does (section 5)', () => {
  it.each([
    ['18', '18.0'],
    ['0.333333333', '0.3333'],
    ['1e-9', '0.0'],
    ['12345678901234567890', '1.2345678901234567e+19'],
    ['2.675', '2.675'],
    ['0.00005', '0.0001'],
    ['0.00015', '0.0001'],
    ['-0.00001', '-0.0'],
    ['1_000', '1000.0'],
    ['inf', 'inf'],
    ['-Infinity', '-inf'],
    ['NaN', 'nan'],
    ['1e22', '1e+22'],
    ['x = 3', 'x = 3'],
    ['1\n2', '1\n2'],
  ])('%j becomes %j', (stdout, text) => {
    expect(describeRun(ran({ stdout: `${stdout}\n` }), 'husky-v1').text).toBe(text);
  });

  it('nothing printed is [FAIL], and the value of a last expression does not count', () => {
    expect(describeRun(ran({ value: '4' }), 'husky-v1')).toEqual({ text: '[FAIL]', failed: false });
  });

  it('anything on standard error empties the result', () => {
    expect(describeRun(ran({ stdout: '4\n', stderr: 'warning\n' }), 'husky-v1').text).toBe('');
  });

  it('a failure empties the result and tells the code generator why', () => {
    const error = { name: 'ZeroDivisionError', message: 'division by zero', traceback: 'line 1' };
    expect(describeRun(ran({ ok: false, stdout: '4\n', error }), 'husky-v1')).toEqual({
      text: '',
      failed: true,
      errorText: 'line 1',
    });
  });
});

describe('output style default', () => {
  it('is not emptied by warnings, and keeps exact numbers exact', () => {
    const run = ran({ stdout: '12345678901234567890\n', stderr: 'DeprecationWarning\n' });
    expect(describeRun(run, 'default')).toEqual({ text: '12345678901234567890', failed: false });
  });

  it('takes the value of a last expression when nothing was printed', () => {
    expect(describeRun(ran({ value: 'sqrt(2)' }), 'default')).toEqual({ text: 'sqrt(2)', failed: false });
  });

  it.each([
    ['<generator object <genexpr> at 0x33e9ff8>', false],
    ['Even numbers: <map object at 0x172ee08>', false],
    ['<bound method A.f of <__main__.A object at 0x7f00>>', false],
    ['Object [Generator] {}', false],
    ['Result: [object Object]', false],
    ['[Function: solve]', false],
    ['<map object at 0x172ee08>\n24', true],
    ['{1: <Color.RED: 1>}', true],
    ['a <b at c>', true],
  ])('asks for the values where only an object that holds them was printed: %s', (stdout, isAnswer) => {
    expect(describeRun(ran({ stdout: `${stdout}\n` }), 'default')).toMatchObject({ text: stdout, failed: !isAnswer });
  });

  it('asks for a result when there is none', () => {
    const described = describeRun(ran(), 'default');
    expect(described).toMatchObject({ text: '', failed: true });
    expect(described.errorText).toContain('Print the result');
  });

  it.each([
    ['time', 'out of time'],
    ['memory', 'out of memory'],
    ['output', 'without end'],
    ['crash', 'crashed'],
  ] as const)('says that the limit of %s ended a program', (limit, words) => {
    const { failed, errorText } = describeRun(ran({ ok: false, limit }), 'default');
    expect(failed).toBe(true);
    expect(errorText).toContain(words);
  });
});
