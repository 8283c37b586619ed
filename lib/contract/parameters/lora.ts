import * as z from "zod";
import { define, defineOptional } from "./parameter";

/** A module as models name it: `q_proj`, or with what it stands in, `self_attn.q_proj`. */
const ModuleName = z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/, "A module name has letters, digits, dots, _ and -.");

/** How the two matrices begin; PiSSA takes them out of the weights themselves. */
export const loraStarts = ["default", "gaussian", "pissa", "pissa_niter_16"] as const;

/** The adapter that method LoRA trains in place of the weights. */
export const loraParameters = {
  rank: define({
    schema: z.int("Rank is a whole number.").min(1, "Rank 0 trains nothing; choose 4 to 256.").max(1024, "Choose a rank of at most 1,024."),
    default: 16,
    group: "lora",
    level: "basic",
    usual: { en: "8 to 64", zh: "8 至 64" },
    label: { en: "LoRA rank", zh: "LoRA 秩" },
    help: {
      en: "Size of what is learnt. A larger rank can hold more and costs more memory.",
      zh: "可学习内容的容量。秩越大，能记住的越多，占用的显存也越多。",
    },
    trl: "r",
    axolotl: "lora_r",
    llamaFactory: "lora_rank",
  }),
  alpha: define({
    schema: z.number().positive("Alpha must be above 0.").max(4096),
    default: 32,
    group: "lora",
    level: "basic",
    usual: { en: "twice the rank", zh: "秩的两倍" },
    label: { en: "LoRA alpha", zh: "LoRA alpha" },
    help: {
      en: "Strength of the adapter: its update is scaled by alpha divided by rank.",
      zh: "适配器的强度：更新量按 alpha ÷ 秩 缩放。",
    },
    trl: "lora_alpha",
    llamaFactory: "lora_alpha",
  }),
  dropout: define({
    schema: z.number().min(0).max(0.9, "Dropout above 0.9 trains almost nothing; choose 0 to 0.2."),
    default: 0,
    group: "lora",
    level: "basic",
    usual: { en: "0 to 0.1", zh: "0 至 0.1" },
    label: { en: "LoRA dropout", zh: "LoRA dropout" },
    help: {
      en: "Share of the adapter's input switched off at random while training; helps against overfitting small data.",
      zh: "训练时随机关闭的适配器输入比例；数据少时可减轻过拟合。",
    },
    trl: "lora_dropout",
    llamaFactory: "lora_dropout",
  }),
  targets: define({
    schema: z.array(ModuleName).min(1, "Choose at least one module, or nothing is trained.").max(64),
    default: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    group: "lora",
    level: "basic",
    usual: { en: "all linear layers", zh: "全部线性层" },
    label: { en: "Target modules", zh: "目标模块" },
    help: {
      en: "Which layers get an adapter. All linear layers learn best; attention only is smaller.",
      zh: "为哪些层添加适配器。全部线性层效果最好；仅注意力层更小。",
    },
    trl: "target_modules",
    axolotl: "lora_target_modules",
    llamaFactory: "lora_target",
  }),
  rsLora: defineOptional({
    schema: z.boolean(),
    default: false,
    group: "lora",
    level: "expert",
    label: { en: "rsLoRA scale", zh: "rsLoRA 缩放" },
    help: {
      en: "Scales by alpha ÷ √rank instead of alpha ÷ rank, so that a large rank does not weaken each direction. Lower alpha when switching it on.",
      zh: "按 alpha ÷ √秩 缩放，而非 alpha ÷ 秩，秩较大时各方向的更新不会被削弱。开启时应调低 alpha。",
    },
    trl: "use_rslora",
    llamaFactory: "use_rslora",
  }),
  dora: defineOptional({
    schema: z.boolean(),
    default: false,
    group: "lora",
    level: "expert",
    label: { en: "DoRA", zh: "DoRA" },
    help: {
      en: "Learns the length of each output's weights apart from their direction. Helps at small ranks; steps take about a quarter longer.",
      zh: "将每个输出权重的长度与方向分开学习。秩较小时有帮助；每步约慢四分之一。",
    },
    trl: "use_dora",
    llamaFactory: "use_dora",
  }),
  init: defineOptional({
    schema: z.enum(loraStarts),
    default: "default",
    group: "lora",
    level: "expert",
    label: { en: "Start of the matrices", zh: "矩阵初始化" },
    help: {
      en: "default and gaussian begin with no change. pissa begins with the strongest directions of the weights themselves (pissa_niter_16: found faster, nearly as well). Checkpoints of PiSSA are plain LoRA adapters of twice the rank, so every tool can load them.",
      zh: "default 与 gaussian 从零改动开始。pissa 从权重自身最强的方向开始（pissa_niter_16：更快，近似）。PiSSA 的检查点会存为两倍秩的普通 LoRA 适配器，任何工具都能加载。",
    },
    trl: "init_lora_weights",
    llamaFactory: "pissa_init",
  }),
  plusRatio: defineOptional({
    schema: z
      .number()
      .min(1, "A ratio below 1 would slow matrix B down; choose 2 to 32, or leave it empty.")
      .max(1000, "Choose a ratio of at most 1,000.")
      .nullable(),
    default: null,
    group: "lora",
    level: "expert",
    usual: { en: "4 to 16", zh: "4 至 16" },
    label: { en: "LoRA+ ratio", zh: "LoRA+ 比例" },
    help: {
      en: "Learning rate of matrix B as a multiple of matrix A's, which has the rate above. Empty: one rate for both.",
      zh: "矩阵 B 的学习率为矩阵 A（即上面的学习率）的多少倍。留空：两者相同。",
    },
    trl: "loraplus_lr_ratio",
    llamaFactory: "loraplus_lr_ratio",
  }),
  modulesToSave: defineOptional({
    schema: z.array(ModuleName).max(16, "Name at most 16 modules."),
    default: [],
    group: "lora",
    level: "expert",
    label: { en: "Modules trained whole", zh: "整体训练的模块" },
    help: {
      en: "Trained and saved in full beside the adapter, such as embed_tokens and lm_head for a new language. They make checkpoints much larger.",
      zh: "与适配器一起完整训练并保存的模块，例如学习新语言时的 embed_tokens 和 lm_head。检查点会大很多。",
    },
    trl: "modules_to_save",
    llamaFactory: "additional_target",
  }),
  trainableTokens: defineOptional({
    schema: z
      .array(z.string().regex(/^\S(.{0,78}\S)?$/u, "A token has 1 to 80 characters and no blank at its ends."))
      .max(256, "Name at most 256 tokens."),
    default: [],
    group: "lora",
    level: "expert",
    label: { en: "Trained tokens", zh: "可训练的 token" },
    help: {
      en: "Tokens whose embeddings are trained too, written as the tokenizer writes them (<tool_call>) or by number (#151657). Far smaller than training the embedding whole.",
      zh: "其嵌入也参与训练的 token，按分词器的写法（<tool_call>）或编号（#151657）填写。比整体训练嵌入小得多。",
    },
    trl: "trainable_token_indices",
    llamaFactory: null,
  }),
  bias: defineOptional({
    schema: z.enum(["none", "all", "lora_only"]),
    default: "none",
    group: "lora",
    level: "expert",
    label: { en: "Biases", zh: "偏置" },
    help: {
      en: "Also trains the biases that the model has: of the target modules (lora_only) or all of them. Most of today's models have few or none.",
      zh: "同时训练模型已有的偏置：仅目标模块（lora_only）或全部（all）。如今多数模型很少或没有偏置。",
    },
    trl: "bias",
    llamaFactory: null,
  }),
} as const;
