import * as z from "zod";
import { defineOptional } from "./parameter";
import { followingSchedulers } from "./schedule";

const following = { scheduler: followingSchedulers } as const;
const evaluations = "Counts evaluations, not steps." as const;

/** Arguments of the schedulers that follow the validation loss: reduce_lr_on_plateau and greedy. */
export const followingParameters = {
  rateFactor: defineOptional({
    schema: z
      .number()
      .positive("A factor of 0 ends all learning; choose 0.1 to 0.95.")
      .lt(1, "A factor of 1 changes nothing; choose 0.1 to 0.95.")
      .nullable(),
    default: null,
    group: "schedule",
    level: "basic",
    shownWhen: following,
    usual: { en: "0.1 to 0.95", zh: "0.1 至 0.95" },
    label: { en: "Factor", zh: "调整系数" },
    help: {
      en: "The rate is multiplied by it when validation stops getting better; greedy also divides by it when it keeps getting better. Empty: 0.1, and 0.95 for greedy.",
      zh: "验证不再改善时学习率乘以该系数；greedy 在持续改善时还会除以它。留空：0.1，greedy 为 0.95。",
    },
    trl: "lr_scheduler_kwargs.factor",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  ratePatience: defineOptional({
    schema: z.int().min(0).max(10_000),
    default: 10,
    group: "schedule",
    level: "basic",
    shownWhen: following,
    usual: { en: "2 to 10", zh: "2 至 10" },
    label: { en: "Patience of the rate", zh: "学习率耐心值" },
    help: {
      en: `Evaluations without improvement that are let pass: with 10 the rate falls at the eleventh. ${evaluations}`,
      zh: "允许多少次评估没有改善：设为 10 时，第 11 次才降低学习率。按评估次数计，不按步数。",
    },
    trl: "lr_scheduler_kwargs.patience",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  rateThreshold: defineOptional({
    schema: z.number().min(0).max(1000).nullable(),
    default: null,
    group: "schedule",
    level: "expert",
    shownWhen: following,
    label: { en: "Improvement that counts", zh: "有效改善阈值" },
    help: {
      en: "Smaller improvements do not count. Empty: a ten-thousandth of the best value, and 0.000001 itself for greedy.",
      zh: "更小的改善不计。留空：最佳值的万分之一；greedy 为绝对值 0.000001。",
    },
    trl: "lr_scheduler_kwargs.threshold",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  rateCooldown: defineOptional({
    schema: z.int().min(0).max(10_000),
    default: 0,
    group: "schedule",
    level: "expert",
    shownWhen: following,
    label: { en: "Rest after a fall", zh: "降低后的冷却" },
    help: { en: `Evaluations after a fall that are not judged. ${evaluations}`, zh: "降低学习率后不作判断的评估次数。" },
    trl: "lr_scheduler_kwargs.cooldown",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  minRate: defineOptional({
    schema: z.number().min(0).max(1),
    default: 0,
    group: "schedule",
    level: "expert",
    shownWhen: following,
    label: { en: "Least rate", zh: "学习率下限" },
    help: {
      en: "The rate never falls below it. The library's 0.001 for greedy is above the usual rates, so that it could never fall; here it is 0.",
      zh: "学习率不会低于该值。库中 greedy 的默认值 0.001 高于常用学习率，会使其无法下降；此处为 0。",
    },
    trl: "lr_scheduler_kwargs.min_lr",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  maxRate: defineOptional({
    schema: z.number().positive().max(1),
    default: 1,
    group: "schedule",
    level: "basic",
    shownWhen: { scheduler: ["greedy"] },
    usual: { en: "two to ten times the learning rate", zh: "学习率的 2 至 10 倍" },
    label: { en: "Highest rate", zh: "学习率上限" },
    help: {
      en: "Greedy raises the rate while validation gets better, never above this.",
      zh: "验证持续改善时 greedy 会提高学习率，但不超过该值。",
    },
    trl: "lr_scheduler_kwargs.max_lr",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  rateRestAfterRise: defineOptional({
    schema: z.int().min(0).max(10_000),
    default: 0,
    group: "schedule",
    level: "expert",
    shownWhen: { scheduler: ["greedy"] },
    label: { en: "Rest after a rise", zh: "升高后的冷却" },
    help: { en: `Evaluations after a rise that are not judged. ${evaluations}`, zh: "提高学习率后不作判断的评估次数。" },
    trl: "lr_scheduler_kwargs.warmup",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  rateWindow: defineOptional({
    schema: z.int().min(2, "A mean needs at least 2 evaluations.").max(10_000).nullable(),
    default: null,
    group: "schedule",
    level: "expert",
    shownWhen: { scheduler: ["greedy"] },
    label: { en: "Evaluations averaged", zh: "平滑窗口" },
    help: { en: "Judges the mean of so many evaluations. Empty: each by itself.", zh: "按最近若干次评估的均值判断。留空：逐次判断。" },
    trl: "lr_scheduler_kwargs.window_size",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  rateReset: defineOptional({
    schema: z.int().min(1).max(1_000_000),
    default: 500,
    group: "schedule",
    level: "expert",
    shownWhen: { scheduler: ["greedy"] },
    label: { en: "Start over after", zh: "重新开始" },
    help: {
      en: "Falls at the least rate after which greedy begins again with the learning rate.",
      zh: "在下限处再下降这么多次后，greedy 从初始学习率重新开始。",
    },
    trl: "lr_scheduler_kwargs.reset_start",
    llamaFactory: "lr_scheduler_kwargs",
  }),
} as const;
