/** What the workers of these tests run. */
export { evaluate } from '../../src/workflows/evaluate';
export { evaluateQuestion } from '../../src/workflows/evaluate-question';
export { solve } from '../../src/workflows/solve';
export * from '../../src/workflows/training';
