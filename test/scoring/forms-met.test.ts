/** Forms of right answers that were judged wrong or not found, each kind beside what looks alike and is wrong. */
import { scoreAnswer } from '../../src/scoring/score';

const R = String.raw;
type Case = [metric: string, gold: string, prediction: string, right: boolean];

const CASES: Record<string, Case[]> = {
  'a tuple of names': [
    ['math', '(a,b,c)=(1,2,3)', 'a=1, b=2, c=3', true],
    ['math', '(a,b,c)=(1,2,3)', 'c=3, a=1, b=2', true],
    ['math', 'x=3,y=4', '(x,y)=(3,4)', true],
    ['math', 'x=3,y=4', '(y,x)=(4,3)', true],
    ['math', '(a,b,c)=(1,2,3)', 'a=1, b=3, c=2', false],
    ['math', '(a,b,c)=(1,2,3)', 'a=1, b=2', false],
    ['math', 'x=3,y=4', '(y,x)=(3,4)', false],
    ['math', 'x=3,y=4', '(x,z)=(3,4)', false],
  ],
  'a system that names values': [
    ['math', 'x=1,y=2', R`\begin{cases}x=1\\y=2\end{cases}`, true],
    ['math', R`\begin{cases}x=1\\y=2\end{cases}`, 'x=1, y=2', true],
    ['math', R`\begin{cases}x=1\\y=2\end{cases}`, '(1,2)', true],
    ['math', 'x=1,y=2', R`\left\{\begin{array}{l}x=1,\\y=2\end{array}\right.`, true],
    ['math', R`\begin{cases}x=1\\y=2\end{cases}`, '(2,1)', false],
    ['math', R`\begin{cases}x=1\\y=2\end{cases}`, 'x=2, y=1', false],
    ['math', R`\begin{cases}x+y=3\\y=2\end{cases}`, '(3,2)', false],
    ['math', R`\begin{cases}1 & x=1\\2 & x=2\end{cases}`, '(1,2)', false],
  ],
  'a union of sets whose elements are named': [
    ['math', R`\{1,2,3,4\}`, R`\{1,3\}\cup\{2,4\}`, true],
    ['math', R`\{1,3\}\cup\{2,4\}`, R`\{1,2,3,4\}`, true],
    ['math', R`\{1,2\}\cup(3,4)`, R`\{1\}\cup(3,4)\cup\{2\}`, true],
    ['math', R`\{1,2,3\}`, R`\{1,2\}\cup\{2,3\}`, true],
    ['math', R`\{1,2,3,4\}`, R`\{1,3\}\cap\{2,4\}`, false],
    ['math', R`\{1,2,3,4\}`, R`\{1,3\}\cup(2,4)`, false],
    ['math', R`\{1,2,3,4\}`, R`\{1,3\}\cup\{2\}`, false],
    ['math', R`(1,3)\cup(2,4)`, R`\{1,2,3,4\}`, false],
  ],
  'a magnitude as a letter in a formula': [
    ['math', '6 billion', R`$6\text{B}$ parameters`, true],
    ['answer', '6 billion', R`$6\text{B}$ parameters`, true],
    ['math', '6 billion', R`$6\text{M}$ parameters`, false],
    ['math', '6 billion', R`$60\text{B}$ parameters`, false],
    ['math', '6 billion', R`$6\text{ bytes}$`, false],
  ],
  'entities of a page': [
    ['answer', 'AT&T', 'AT&amp;T', true],
    ['answer', 'AT&amp;T', 'AT&T', true],
    ['answer', "It's", 'It&#39;s', true],
    ['exact-match', "It's", 'It&#x27;s', true],
    ['answer', 'AT&T', 'AT&lt;T', false],
    ['answer', 'AT&T', 'ATampT', false],
  ],
  'a minus in words': [
    ['number', '-3', 'It fell to minus 3 degrees.', true],
    ['math', '-3', 'The temperature fell to minus 3 degrees.', true],
    ['number', '3', 'It fell to minus 3 degrees.', false],
    ['number', '-3', 'The result is 5 minus 3.', false],
    ['number', '-3', 'It is five minus 3.', false],
  ],
  'a share and its per cent': [
    ['number', '20', '0.20 (20%)', true],
    ['number', '0.2', '0.20 (20%)', true],
    ['number', '20', '0.20', false],
    ['number', '20', '0.25 (20%)', false],
    ['number', '25', '20 (25%)', false],
  ],
  'letters of choices': [
    ['choice', 'D', 'Answer: rules out C, leaving D', true],
    ['choice', 'D', 'That rules out A, B and C, leaving D.', true],
    ['choice', 'C', 'Answer: rules out C, leaving D', false],
    ['choice', 'D', 'That rules out C, leaving B or D.', false],
    ['choice', 'C', 'It must be option (c).', true],
    ['choice', 'C', 'It must not be option (c).', false],
    ['choice', 'C', 'Correct answer - C', true],
    ['choice', 'A', 'Correct answer - a good one', false],
    ['choice', 'C', 'The correct option is: C. Because it is.', true],
    ['choice', 'C', 'The correct option is: C, D. Because both hold.', false],
    ['choice', 'C', 'La respuesta es la C.', true],
    ['choice', 'C', 'A resposta correta é a letra C.', true],
    ['choice', 'C', 'La respuesta es la C o la D.', false],
    ['choice', 'C', '所以选择C选项', true],
    ['choice', 'C', '所以不选择C选项', false],
    ['choice', 'C', '所以选择B选项', false],
    ['choice', 'C', 'الإجابة الصحيحة هي C', true],
    ['choice', 'C', 'الإجابة الصحيحة هي D', false],
  ],
};

test.each(Object.entries(CASES))('%s', (_, cases) => {
  const other = cases.filter(
    ([metric, gold, prediction, right]) => scoreAnswer({ metric, prediction, gold }).correct !== right,
  );
  expect(other).toEqual([]);
});
