import type { Scheduler } from "../contract/parameters/schedule";

/** The rate as a share of the learning rate after warm-up. t steps done, T all steps, w warm-up steps, p = (t − w) / (T − w). */
const formulas: Record<Scheduler, string> = {
  linear: "max(0, (T − t) / (T − w))",
  cosine: "½ (1 + cos(2π · c · p)), c = 0.5",
  constant: "1",
  constant_with_warmup: "1",
  inverse_sqrt: "1 / √((t + s − w) / s)",
  cosine_with_restarts: "½ (1 + cos(π · (c · p mod 1))), p < 1",
  cosine_with_min_lr: "m + (1 − m) · ½ (1 + cos(2π · c · p))",
  cosine_warmup_with_min_lr: "m + (1 − m) · ½ (1 + cos(2π · c · p′)), p′ = (t − w + 1) / (T − w)",
  polynomial: "((lr − e) · (1 − p)^k + e) / lr",
  warmup_stable_decay: "1; in the last d steps m + (1 − m) · ½ (1 + cos(π · q)), q = 0 … 1",
  reduce_lr_on_plateau: "× f after n evaluations that were not better",
  greedy: "× f after n evaluations that were not better, ÷ f after n that were",
};

export const formulaOf = (scheduler: unknown): string | null =>
  typeof scheduler === "string" && Object.hasOwn(formulas, scheduler) ? formulas[scheduler as Scheduler] : null;
