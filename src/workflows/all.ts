/**
 * Every workflow of this package: what the commands' own workers run.
 *
 * @module
 */
export * from '../workflows';
export * from './training';
