/**
 * What a comparison of two answers in one form says.
 *
 * @module
 */

/** Ends the comparison: the forms are known and differ. */
export const DIFFERENT = '';

/** Why two texts are the same answer; undefined when they are not. */
export type Same = (prediction: string, gold: string, depth: number) => string | undefined;

/**
 * Why the texts are the same, {@link DIFFERENT}, or undefined where the form is another one.
 *
 * @param same compares the parts
 */
export type Comparison = (prediction: string, gold: string, depth: number, same: Same) => string | undefined;
