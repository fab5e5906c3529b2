/**
 * What a label is, wherever it lies in a file.
 *
 * @module
 */

/** A gold answer as datasets hold it: text, a number, true or false, or a list of these. */
export type Gold = string | number | boolean | readonly (string | number)[];
