import * as z from "zod";
import { define } from "./parameter";

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
    schema: z
      .array(z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/, "A module name has letters, digits, dots, _ and -."))
      .min(1, "Choose at least one module, or nothing is trained.")
      .max(64),
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
    llamaFactory: "lora_target",
  }),
} as const;
