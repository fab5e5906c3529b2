import { readStringConstants } from '../../src/prompts/husky-v1/python-strings';

const read = (source: string) => Object.fromEntries(readStringConstants(source));

test.each([
  ['one line', 'A = "x"', { A: 'x' }],
  ['single quotes', 'A = \'it is "so"\'', { A: 'it is "so"' }],
  ['several lines', 'A = """one\ntwo "quoted"\n"""\nB = \'\'\'three\'\'\'', { A: 'one\ntwo "quoted"\n', B: 'three' }],
  [
    'escapes',
    String.raw`A = "a\nb\t\\frac \"q\" \'s\' \x41\u00e9\U0001F600\101"`,
    { A: 'a\nb\t\\frac "q" \'s\' Aé😀A' },
  ],
  ['unknown escapes stay', String.raw`A = "$\pi$ \%"`, { A: String.raw`$\pi$ \%` }],
  ['a line that goes on', 'A = "one \\\ntwo"', { A: 'one two' }],
  ['Windows line ends', 'A = """one\r\ntwo"""\r\nB = "x"\r\n', { A: 'one\ntwo', B: 'x' }],
  ['the last assignment counts', 'A = "1"\nA = "2"', { A: '2' }],
  ['prefixed strings are skipped', 'A = "x"\nB = f"""B = "y" {A}"""\nC = r"\\n"\nD = "z"', { A: 'x', D: 'z' }],
  ['comments are skipped', '# A = "x"\n# it\'s "open\nB = "y" # C = "z"', { B: 'y' }],
  ['an assignment inside a string is text', 'A = """\nB = "x"\n"""', { A: '\nB = "x"\n' }],
  ['indented assignments are not constants', 'def f():\n    A = "x"\nB = "y"', { B: 'y' }],
  ['comparisons are not assignments', 'A == "x"\nB = "y"', { B: 'y' }],
  ['an end that never comes', 'A = """x', { A: 'x' }],
])('%s', (_what, source, expected) => {
  expect(read(source)).toEqual(expected);
});
