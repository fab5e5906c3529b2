/** What the workers of these tests run. */
export { solve } from '../../src/workflows/solve';
export { synthesize } from '../../src/workflows/synthesize';
export { synthesizeQuestion } from '../../src/workflows/synthesize-question';
export { train } from '../../src/workflows/train';
