import * as z from "zod";
import { defineOptional } from "./parameter";

/** Every scheduler of transformers 5.18. */
export const schedulers = [
  "cosine",
  "linear",
  "constant",
  "constant_with_warmup",
  "inverse_sqrt",
  "cosine_with_restarts",
  "cosine_with_min_lr",
  "cosine_warmup_with_min_lr",
  "polynomial",
  "warmup_stable_decay",
  "reduce_lr_on_plateau",
  "greedy",
] as const;
export type Scheduler = (typeof schedulers)[number];

/** These follow the validation loss and not the number of the step. */
export const followingSchedulers = ["reduce_lr_on_plateau", "greedy"] as const satisfies Scheduler[];
/** The others climb from 0 first. */
export const unwarmedSchedulers = ["constant", ...followingSchedulers] as const satisfies Scheduler[];
const warmedSchedulers = schedulers.filter((name) => !unwarmedSchedulers.some((one) => one === name));
const shapes = ["linear", "cosine", "1-sqrt"] as const;

const share = (message: string) => z.number().min(0, message).max(1, message);

/** What single schedulers take; `lr_scheduler_kwargs.power` is `power` among the scheduler's own arguments. */
export const scheduleParameters = {
  warmupSteps: defineOptional({
    schema: z.int().min(0).max(100_000_000).nullable(),
    default: null,
    group: "schedule",
    level: "expert",
    unit: "steps",
    shownWhen: { scheduler: warmedSchedulers },
    label: { en: "Warm-up steps", zh: "预热步数" },
    help: {
      en: "A number of steps in place of the share above. Empty: the share is used, rounded up.",
      zh: "用固定步数代替上面的比例。留空：按比例计算并向上取整。",
    },
    trl: "warmup_steps",
    llamaFactory: "warmup_steps",
  }),
  cycles: defineOptional({
    schema: z.number().positive("Choose more than 0 cycles.").max(1000).nullable(),
    default: null,
    group: "schedule",
    level: "expert",
    shownWhen: {
      scheduler: ["cosine", "cosine_with_restarts", "cosine_with_min_lr", "cosine_warmup_with_min_lr", "warmup_stable_decay"],
    },
    usual: { en: "0.5; with restarts 2 to 5", zh: "0.5；带重启时 2 至 5" },
    label: { en: "Cycles", zh: "周期数" },
    help: {
      en: "Waves of the cosine. Half a wave falls once from the learning rate to its end. With restarts it counts the falls: 1 is the same as cosine, so choose 2 or more. Empty: 0.5, and 1 with restarts.",
      zh: "余弦的波数。半个波即从学习率单调降到终点。带重启的调度按下降次数计：1 与 cosine 完全相同，因此请选 2 或更多。留空：0.5，带重启时为 1。",
    },
    trl: "lr_scheduler_kwargs.num_cycles",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  minRateShare: defineOptional({
    schema: share("The lowest rate is a share of the learning rate: 0 to 1."),
    default: 0.1,
    group: "schedule",
    level: "basic",
    shownWhen: { scheduler: ["cosine_with_min_lr", "cosine_warmup_with_min_lr"] },
    usual: { en: "0.05 to 0.2", zh: "0.05 至 0.2" },
    label: { en: "Lowest rate", zh: "最低学习率占比" },
    help: { en: "Where the curve ends, as a share of the learning rate.", zh: "曲线终点占学习率的比例。" },
    trl: "lr_scheduler_kwargs.min_lr_rate",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  warmupStartShare: defineOptional({
    schema: share("The first rate is a share of the learning rate: 0 to 1.").nullable(),
    default: null,
    group: "schedule",
    level: "expert",
    shownWhen: { scheduler: ["cosine_warmup_with_min_lr"] },
    label: { en: "Warm-up starts at", zh: "预热起点占比" },
    help: {
      en: "Rate of the first step, as a share of the learning rate. Empty: one part of the warm-up steps.",
      zh: "第一步的学习率占比。留空：等于预热步数分之一。",
    },
    trl: "lr_scheduler_kwargs.warmup_lr_rate",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  power: defineOptional({
    schema: z.number().positive("Power 0 never falls; choose 0.5 to 3.").max(20),
    default: 1,
    group: "schedule",
    level: "basic",
    shownWhen: { scheduler: ["polynomial"] },
    usual: { en: "1 to 3", zh: "1 至 3" },
    label: { en: "Power", zh: "幂次" },
    help: {
      en: "1 falls in a straight line, as linear does; 2 falls fast first and slowly at the end.",
      zh: "1 为直线下降，与 linear 相同；2 先快后慢。",
    },
    trl: "lr_scheduler_kwargs.power",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  endRate: defineOptional({
    schema: z.number().min(0).max(1),
    default: 1e-7,
    group: "schedule",
    level: "basic",
    shownWhen: { scheduler: ["polynomial"] },
    usual: { en: "0 to a tenth of the learning rate", zh: "0 至学习率的十分之一" },
    label: { en: "Final rate", zh: "最终学习率" },
    help: { en: "Where the curve ends; must be below the learning rate.", zh: "曲线终点，须低于学习率。" },
    trl: "lr_scheduler_kwargs.lr_end",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  timescale: defineOptional({
    schema: z.int().min(1, "Choose at least 1.").max(100_000_000).nullable(),
    default: null,
    group: "schedule",
    level: "expert",
    unit: "steps",
    shownWhen: { scheduler: ["inverse_sqrt"] },
    label: { en: "Time scale", zh: "时间尺度" },
    help: {
      en: "After three times as many steps the rate has halved. Empty: the warm-up steps, or 10,000 without warm-up.",
      zh: "经过三倍于此的步数后学习率减半。留空：等于预热步数，无预热时为 10000。",
    },
    trl: "lr_scheduler_kwargs.timescale",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  decaySteps: defineOptional({
    schema: z.int().min(1, "Choose at least 1 step of decay.").max(100_000_000).nullable(),
    default: null,
    group: "schedule",
    level: "basic",
    unit: "steps",
    shownWhen: { scheduler: ["warmup_stable_decay"] },
    usual: { en: "10 to 20 % of the steps", zh: "总步数的 10% 至 20%" },
    label: { en: "Decay steps", zh: "衰减步数" },
    help: { en: "The last steps, in which the rate falls. Empty: a fifth of the run.", zh: "最后用于下降的步数。留空：总步数的五分之一。" },
    trl: "lr_scheduler_kwargs.num_decay_steps",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  stableSteps: defineOptional({
    schema: z.int().min(0).max(100_000_000).nullable(),
    default: null,
    group: "schedule",
    level: "expert",
    unit: "steps",
    shownWhen: { scheduler: ["warmup_stable_decay"] },
    label: { en: "Stable steps", zh: "恒定步数" },
    help: {
      en: "Steps at the full rate. Empty: all that warm-up and decay leave. With fewer the rate stays at its end after the decay.",
      zh: "保持最高学习率的步数。留空：预热与衰减之外的全部步数。更少时，衰减后停在终点。",
    },
    trl: "lr_scheduler_kwargs.num_stable_steps",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  warmupShape: defineOptional({
    schema: z.enum(shapes),
    default: "linear",
    group: "schedule",
    level: "expert",
    shownWhen: { scheduler: ["warmup_stable_decay"] },
    label: { en: "Shape of warm-up", zh: "预热形状" },
    help: { en: "How the rate climbs.", zh: "学习率上升的方式。" },
    trl: "lr_scheduler_kwargs.warmup_type",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  decayShape: defineOptional({
    schema: z.enum(shapes),
    default: "cosine",
    group: "schedule",
    level: "expert",
    shownWhen: { scheduler: ["warmup_stable_decay"] },
    label: { en: "Shape of decay", zh: "衰减形状" },
    help: { en: "How the rate falls in the last steps.", zh: "最后阶段学习率下降的方式。" },
    trl: "lr_scheduler_kwargs.decay_type",
    llamaFactory: "lr_scheduler_kwargs",
  }),
  decayEndShare: defineOptional({
    schema: share("The end is a share of the learning rate: 0 to 1."),
    default: 0,
    group: "schedule",
    level: "expert",
    shownWhen: { scheduler: ["warmup_stable_decay"] },
    usual: { en: "0 to 0.1", zh: "0 至 0.1" },
    label: { en: "Start and end at", zh: "起点与终点占比" },
    help: {
      en: "Share of the learning rate at which warm-up starts and decay ends.",
      zh: "预热起点与衰减终点占学习率的比例。",
    },
    trl: "lr_scheduler_kwargs.min_lr_ratio",
    llamaFactory: "lr_scheduler_kwargs",
  }),
} as const;
