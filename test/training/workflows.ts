/** What the workers of these tests run. */
export * from '../../src/workflows-lab';
