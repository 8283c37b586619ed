import * as z from "zod";
import { defineOptional } from "./parameter";

/** When is saved and judged, what counts as best, when it is enough. */
export const cadenceParameters = {
  saveBy: defineOptional({
    schema: z.enum(["steps", "epochs"]),
    default: "steps",
    group: "output",
    level: "expert",
    label: { en: "Save by", zh: "保存依据" },
    help: { en: "By the number of steps above, or at the end of each epoch.", zh: "按上面的步数，或在每轮结束时保存。" },
    trl: "save_strategy",
    llamaFactory: "save_strategy",
  }),
  evalBy: defineOptional({
    schema: z.enum(["steps", "epochs"]),
    default: "steps",
    group: "output",
    level: "expert",
    label: { en: "Evaluate by", zh: "评估依据" },
    help: { en: "By the number of steps above, or at the end of each epoch.", zh: "按上面的步数，或在每轮结束时评估。" },
    trl: "eval_strategy",
    llamaFactory: "eval_strategy",
  }),
  keepBest: defineOptional({
    schema: z.boolean(),
    default: false,
    group: "output",
    level: "expert",
    label: { en: "Never lose the best", zh: "保证保存最佳" },
    help: {
      en: "Refuses a cadence that would save steps which nobody judged: saving has to fall on evaluations. The best checkpoint that was saved is kept in any case.",
      zh: "要求保存总与评估同步，否则拒绝启动，以免保存未评估的步。已保存的最佳检查点无论如何都会保留。",
    },
    trl: "load_best_model_at_end",
    llamaFactory: "load_best_model_at_end",
  }),
  stopPatience: defineOptional({
    schema: z.int().min(1, "Choose at least 1 evaluation, or leave it empty.").max(10_000).nullable(),
    default: null,
    group: "output",
    level: "expert",
    usual: { en: "3 to 5", zh: "3 至 5" },
    label: { en: "Stop early after", zh: "早停耐心值" },
    help: {
      en: "Ends the run after so many evaluations in a row that were not better than the best. Empty: train to the end.",
      zh: "连续这么多次评估都未超过最佳时结束训练。留空：训练到底。",
    },
    trl: "early_stopping_patience",
    llamaFactory: "early_stopping_steps",
  }),
  stopThreshold: defineOptional({
    schema: z.number().min(0).max(1000),
    default: 0,
    group: "output",
    level: "expert",
    shownWhen: { stopPatience: "set" },
    label: { en: "Improvement that counts", zh: "早停改善阈值" },
    help: { en: "By how much an evaluation must be better to count.", zh: "评估需改善多少才算数。" },
    trl: "early_stopping_threshold",
    llamaFactory: null,
  }),
  logFirstStep: defineOptional({
    schema: z.boolean(),
    default: false,
    group: "output",
    level: "expert",
    label: { en: "Log the first step", zh: "记录第一步" },
    help: { en: "A point for step 1, however seldom is logged.", zh: "无论日志间隔多大，都记录第 1 步。" },
    trl: "logging_first_step",
    llamaFactory: "logging_first_step",
  }),
} as const;
