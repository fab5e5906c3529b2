/** The result of comparing two answers of one form. */

/** Ends the comparison: both forms are known, and the answers differ. */
export const DIFFERENT = '';

/** Why two texts are the same answer; undefined when they are not. */
export type Same = (prediction: string, gold: string, depth: number) => string | undefined;

/**
 * Why the texts are the same, {@link DIFFERENT}, or undefined if they have another form.
 *
 * @param same compares the parts
 */
export type Comparison = (prediction: string, gold: string, depth: number, same: Same) => string | undefined;
