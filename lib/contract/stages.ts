/** What is learnt, and from which rows. */
export const stages = ["sft", "pt", "rm", "dpo", "kto", "orpo", "simpo"] as const;
export type Stage = (typeof stages)[number];

/** Which weights are trained. */
export const methods = ["lora", "qlora", "freeze", "full"] as const;
export type Method = (typeof methods)[number];

/** Methods whose weights stand still under an adapter. */
export const adapterMethods: readonly Method[] = ["lora", "qlora"];
