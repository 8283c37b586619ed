import * as z from "zod";
import type { Stage } from "../stages";
import { defineOptional, type Parameter } from "./parameter";

/**
 * Loss types of trl's DPOTrainer that were tried and train (cpu-trials 1). `sft` is no loss of its own here: see
 * sftWeight. `discopop` is left out: from a margin of zero, where every training begins, it moved towards the rejected answers. */
export const dpoLosses = [
  "sigmoid",
  "ipo",
  "hinge",
  "robust",
  "exo_pair",
  "nca_pair",
  "bco_pair",
  "sppo_hard",
  "aot",
  "aot_unpaired",
  "apo_zero",
  "apo_down",
  "sigmoid_norm",
] as const;
/** Those that look at label smoothing; trl ignores it in silence with the others. */
export const smoothedLosses: readonly string[] = ["robust", "exo_pair", "aot", "aot_unpaired"];
export const ktoLosses = ["kto", "apo_zero_unpaired"] as const;

const inStage =
  (stage: Stage) =>
  <S extends z.ZodType>(parameter: Omit<Parameter<S>, "group" | "stages">) =>
    defineOptional<S>({ ...parameter, group: "preference", stages: [stage] } as Parameter<S>);
const rm = inStage("rm");
const dpo = inStage("dpo");
const kto = inStage("kto");
const orpo = inStage("orpo");
const simpo = inStage("simpo");

const beta = z
  .number("Beta is a number such as 0.1.")
  .positive("With a beta of 0 the answers are not compared; choose 0.01 to 10.")
  .max(100, "Beta is at most 100; choose 0.01 to 10.");
const weight = z.number().min(0, "A weight is 0 or more.").max(100, "A weight is at most 100.");
const smoothing = z
  .number()
  .min(0, "Label smoothing is 0 or more.")
  .max(0.5, "Above 0.5 the rejected answers would be preferred; choose 0 to 0.5.");

/** What stage rm has beside the settings of every stage. */
export const rewardParameters = {
  centerRewards: rm({
    schema: z.number().positive("Leave it empty to let rewards drift; else choose 0.001 to 0.1.").max(10).nullable(),
    default: null,
    level: "expert",
    usual: { en: "empty, or 0.01", zh: "留空，或 0.01" },
    label: { en: "Centre rewards", zh: "奖励居中系数" },
    help: {
      en: "Pulls the rewards of a pair towards a mean of zero, so that numbers of different questions can be compared. Empty: off.",
      zh: "使每对回答的奖励均值趋近于零，便于比较不同问题的分数。留空：不使用。",
    },
    trl: "center_rewards_coefficient",
    llamaFactory: null,
  }),
} as const;

export const dpoParameters = {
  loss: dpo({
    schema: z.enum(dpoLosses),
    default: "sigmoid",
    level: "basic",
    label: { en: "Loss", zh: "损失类型" },
    help: {
      en: "How the two answers are compared. sigmoid is DPO as published; ipo overfits less on few pairs; hinge stops at a margin; robust expects wrong verdicts (set label smoothing to their share); exo_pair needs a label smoothing such as 0.001.",
      zh: "两个回答的比较方式。sigmoid 为原始 DPO；ipo 在数据少时较不易过拟合；hinge 达到间隔即停止；robust 适合含错误标注的数据（将标签平滑设为错误比例）；exo_pair 需要标签平滑，例如 0.001。",
    },
    trl: "loss_type",
    llamaFactory: "pref_loss",
  }),
  beta: dpo({
    schema: beta,
    default: 0.1,
    level: "basic",
    usual: { en: "0.01 to 0.5", zh: "0.01 至 0.5" },
    label: { en: "Beta", zh: "Beta" },
    help: {
      en: "How strongly the model is held to what it was: larger keeps it closer. With loss ipo it sets the margin, 1 ÷ (2 × beta).",
      zh: "约束模型不偏离原始模型的强度，越大越接近原始模型。ipo 损失中它决定间隔 1 ÷ (2 × beta)。",
    },
    trl: "beta",
    llamaFactory: "pref_beta",
  }),
  labelSmoothing: dpo({
    shownWhen: { loss: smoothedLosses },
    schema: smoothing,
    default: 0,
    level: "expert",
    usual: { en: "0 to 0.2", zh: "0 至 0.2" },
    label: { en: "Label smoothing", zh: "标签平滑" },
    help: {
      en: "Share of verdicts that are expected to be wrong. Only the losses robust, exo_pair, aot and aot_unpaired use it.",
      zh: "预计判断有误的比例。仅 robust、exo_pair、aot 与 aot_unpaired 损失使用。",
    },
    trl: "label_smoothing",
    llamaFactory: "dpo_label_smoothing",
  }),
  sftWeight: dpo({
    schema: weight,
    default: 0,
    level: "basic",
    usual: { en: "0, or 0.1 to 1", zh: "0，或 0.1 至 1" },
    label: { en: "Mix in SFT", zh: "混入 SFT 的权重" },
    help: {
      en: "Adds this many times the usual loss of the chosen answers, so that they do not get less likely while the rejected ones do. 0: off.",
      zh: "加上所选倍数的被选回答常规损失，避免其概率随被拒回答一起下降。0：不使用。",
    },
    trl: "loss_weights",
    llamaFactory: "pref_ftx",
  }),
  precomputeReference: dpo({
    schema: z.boolean(),
    default: false,
    level: "expert",
    label: { en: "Reference beforehand", zh: "预先计算参考模型" },
    help: {
      en: "Goes through all rows once before the first step and keeps what the unchanged model says, so that no second copy of it is needed while training.",
      zh: "在第一步之前遍历所有样本，保存原始模型的对数概率；训练时无需再保留一份原始模型。",
    },
    trl: "precompute_ref_log_probs",
    llamaFactory: null,
  }),
} as const;

export const ktoParameters = {
  loss: kto({
    schema: z.enum(ktoLosses),
    default: "kto",
    level: "expert",
    label: { en: "Loss", zh: "损失类型" },
    help: {
      en: "kto is the published one. apo_zero_unpaired suits answers that are clearly better than the model's own; it measures no KL.",
      zh: "kto 为原始方法。apo_zero_unpaired 适合明显优于模型自身回答的数据，不计算 KL。",
    },
    trl: "loss_type",
    llamaFactory: null,
  }),
  beta: kto({
    schema: beta,
    default: 0.1,
    level: "basic",
    usual: { en: "0.01 to 0.5", zh: "0.01 至 0.5" },
    label: { en: "Beta", zh: "Beta" },
    help: {
      en: "How strongly the model is held to what it was: larger keeps it closer.",
      zh: "约束模型不偏离原始模型的强度，越大越接近原始模型。",
    },
    trl: "beta",
    llamaFactory: "pref_beta",
  }),
  desirableWeight: kto({
    schema: weight,
    default: 1,
    level: "basic",
    usual: { en: "0.5 to 4", zh: "0.5 至 4" },
    label: { en: "Weight of wanted answers", zh: "期望回答的权重" },
    help: {
      en: "Raise it where there are fewer wanted than unwanted answers: number × weight of both kinds should be about equal.",
      zh: "期望回答较少时调高：两类回答的“数量 × 权重”应大致相等。",
    },
    trl: "desirable_weight",
    llamaFactory: "kto_chosen_weight",
  }),
  undesirableWeight: kto({
    schema: weight,
    default: 1,
    level: "basic",
    usual: { en: "0.5 to 4", zh: "0.5 至 4" },
    label: { en: "Weight of unwanted answers", zh: "不期望回答的权重" },
    help: {
      en: "Raise it where there are fewer unwanted than wanted answers.",
      zh: "不期望的回答较少时调高。",
    },
    trl: "undesirable_weight",
    llamaFactory: "kto_rejected_weight",
  }),
} as const;

export const orpoParameters = {
  beta: orpo({
    schema: beta,
    default: 0.1,
    level: "basic",
    usual: { en: "0.05 to 0.5", zh: "0.05 至 0.5" },
    label: { en: "Beta", zh: "Beta" },
    help: {
      en: "Weight of the comparison beside the usual loss (lambda in the paper). The usual loss of trl's ORPO counts the question too, not the answer alone.",
      zh: "比较项相对常规损失的权重（论文中的 λ）。trl 的 ORPO 在常规损失中同时计入问题部分。",
    },
    trl: "beta",
    llamaFactory: "pref_beta",
  }),
} as const;

export const simpoParameters = {
  beta: simpo({
    schema: beta,
    default: 2,
    level: "basic",
    usual: { en: "2 to 10", zh: "2 至 10" },
    label: { en: "Beta", zh: "Beta" },
    help: {
      en: "Scale of the reward, which is the mean log-probability of an answer. Much larger than in DPO.",
      zh: "奖励（回答的平均对数概率）的缩放系数，通常远大于 DPO 的取值。",
    },
    trl: "beta",
    llamaFactory: "pref_beta",
  }),
  gamma: simpo({
    schema: z.number().min(0, "The margin is 0 or more.").max(20, "Choose a margin of at most 20."),
    default: 0.5,
    level: "basic",
    usual: { en: "0.5 to 1.6", zh: "0.5 至 1.6" },
    label: { en: "Gamma (margin)", zh: "Gamma（间隔）" },
    help: {
      en: "By how much the reward of the chosen answer should lie above that of the rejected one.",
      zh: "被选回答的奖励应超出被拒回答的幅度。",
    },
    trl: "simpo_gamma",
    llamaFactory: "simpo_gamma",
  }),
  sftWeight: simpo({
    schema: weight,
    default: 0,
    level: "expert",
    usual: { en: "0, or 0.1 to 1", zh: "0，或 0.1 至 1" },
    label: { en: "Mix in SFT", zh: "混入 SFT 的权重" },
    help: {
      en: "Adds this many times the usual loss of the chosen answers (CPO-SimPO). 0: SimPO as published.",
      zh: "加上所选倍数的被选回答常规损失（CPO-SimPO）。0：原始 SimPO。",
    },
    trl: "cpo_alpha",
    llamaFactory: null,
  }),
  labelSmoothing: simpo({
    schema: smoothing,
    default: 0,
    level: "expert",
    usual: { en: "0 to 0.2", zh: "0 至 0.2" },
    label: { en: "Label smoothing", zh: "标签平滑" },
    help: { en: "Share of verdicts that are expected to be wrong.", zh: "预计判断有误的比例。" },
    trl: "label_smoothing",
    llamaFactory: null,
  }),
} as const;
