/**
 * What a comparison of two answers in one form says.
 *
 * @module
 */

/** Ends the comparison: the forms are known and differ. */
export const DIFFERENT = '';

/** Why the texts are the same, {@link DIFFERENT}, or undefined where the form is another one. */
export type Comparison = (prediction: string, gold: string, depth: number) => string | undefined;
