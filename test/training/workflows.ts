/** What the workers of these tests run. */
export { evaluate } from '../../src/workflows/lab/evaluate';
export { evaluateQuestion } from '../../src/workflows/lab/evaluate-question';
export { solve } from '../../src/workflows/solve/solve';
export * from '../../src/workflows/lab';
