/** What is learnt, and from which rows. */
export const stages = ["sft"] as const;
export type Stage = (typeof stages)[number];

/** Which weights are trained. */
export const methods = ["lora", "full"] as const;
export type Method = (typeof methods)[number];
