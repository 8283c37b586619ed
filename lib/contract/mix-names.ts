/** Beside the schemas and without zod: the browser lists these names, and its pages load no schemas for it. */
export const mixModes = ["concatenate", "interleave_first", "interleave_all"] as const;
export type MixMode = (typeof mixModes)[number];

export const validationTypes = ["none", "fraction", "rows", "sets"] as const;
export type ValidationType = (typeof validationTypes)[number];

export const MAX_SETS = 32;
export const MIN_WEIGHT = 0.001;
export const MAX_WEIGHT = 1000;
