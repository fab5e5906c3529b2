/** Settings of scoring, as recorded runs keep them. */

/**
 * `default`: our rules, which judge the meaning. `husky-v1`: the verdict of the reference's script, including its faults, for comparison
 * with published numbers.
 */
export const RULES = ['default', 'husky-v1'] as const;
export type Rules = (typeof RULES)[number];

/** Filters of lm-evaluation-harness; with them its exact match decides. */
const HARNESS_FILTERS = ['gsm8k-strict', 'gsm8k-cot-strict', 'gsm8k-flexible'] as const;
export type HarnessFilter = (typeof HARNESS_FILTERS)[number];

/**
 * Which part of a response is its answer. `auto`: boxes, else a final-answer mark, else the whole text, else the last formula or number
 * of the last sentence. `marked`, `boxed`, `last`, `whole`: only that rule.
 */
export const EXTRACTIONS = ['auto', 'marked', 'boxed', 'last', 'whole', ...HARNESS_FILTERS] as const;
export type Extraction = (typeof EXTRACTIONS)[number];
