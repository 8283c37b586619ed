import * as z from "zod";
import { batchingParameters } from "./batching";
import { cadenceParameters } from "./cadence";
import { followingParameters } from "./following";
import { machineParameters } from "./machine";
import { moreParameters } from "./more";
import { optimizerParameters } from "./optimizer";
import { define, defineOptional } from "./parameter";
import { scheduleParameters, schedulers } from "./schedule";

/** What every stage and method has: batches, steps, learning rate, cadence. */
export const trainingParameters = {
  learningRate: define({
    schema: z
      .number("The learning rate is a number such as 2e-4.")
      .positive("A learning rate of 0 trains nothing; choose 1e-6 to 1e-3.")
      .max(1, "A learning rate above 1 diverges at once; choose 1e-6 to 1e-3."),
    default: 2e-4,
    defaultFor: { lora: 2e-4, qlora: 2e-4, freeze: 2e-5, full: 2e-5 },
    group: "training",
    level: "basic",
    usual: { en: "LoRA 1e-4 to 5e-4, full 5e-6 to 5e-5", zh: "LoRA 1e-4 至 5e-4，全量 5e-6 至 5e-5" },
    label: { en: "Learning rate", zh: "学习率" },
    help: {
      en: "How far each step moves the weights. Too high and the loss jumps; too low and nothing happens.",
      zh: "每一步更新的幅度。过高则损失跳动，过低则几乎不学习。",
    },
    trl: "learning_rate",
    llamaFactory: "learning_rate",
  }),
  epochs: define({
    schema: z.number().positive("Choose more than 0 epochs.").max(1000),
    default: 3,
    group: "training",
    level: "basic",
    unit: "epochs",
    usual: { en: "1 to 5", zh: "1 至 5" },
    label: { en: "Epochs", zh: "训练轮数" },
    help: {
      en: "How often the whole training set is gone through. Not used when a number of steps is set.",
      zh: "完整遍历训练集的次数。设定最大步数后此项不起作用。",
    },
    trl: "num_train_epochs",
    llamaFactory: "num_train_epochs",
  }),
  maxSteps: define({
    schema: z.int().min(1, "Choose at least 1 step, or leave it empty to use epochs.").max(100_000_000).nullable(),
    default: null,
    group: "training",
    level: "basic",
    unit: "steps",
    label: { en: "Steps", zh: "最大步数" },
    help: {
      en: "Stop after exactly this many optimizer steps. Empty: train for the epochs above.",
      zh: "恰好训练这么多优化器步。留空：按上面的轮数训练。",
    },
    trl: "max_steps",
    llamaFactory: "max_steps",
  }),
  batchSize: define({
    schema: z.int().min(1, "Choose a batch size of at least 1.").max(4096),
    default: 4,
    group: "training",
    level: "basic",
    unit: "rows",
    usual: { en: "1 to 16", zh: "1 至 16" },
    label: { en: "Batch size", zh: "批大小" },
    help: {
      en: "Rows that go through the model together on one device. Larger is faster and needs more memory.",
      zh: "每个设备一次送入模型的样本数。越大越快，占用内存越多。",
    },
    trl: "per_device_train_batch_size",
    llamaFactory: "per_device_train_batch_size",
  }),
  gradientAccumulation: define({
    schema: z.int().min(1, "Choose at least 1.").max(4096),
    default: 4,
    group: "training",
    level: "basic",
    usual: { en: "1 to 16", zh: "1 至 16" },
    label: { en: "Gradient accumulation", zh: "梯度累积" },
    help: {
      en: "Batches added up before one step: a larger effective batch without more memory.",
      zh: "累积多少个批次再更新一次：不增加内存即可增大有效批大小。",
    },
    trl: "gradient_accumulation_steps",
    llamaFactory: "gradient_accumulation_steps",
  }),
  ...batchingParameters,
  cutoffLength: define({
    schema: z.int().min(16, "A cutoff under 16 tokens leaves nothing to learn.").max(1_048_576),
    default: 1024,
    group: "training",
    level: "basic",
    unit: "tokens",
    usual: { en: "512 to 8,192", zh: "512 至 8192" },
    label: { en: "Cutoff length", zh: "截断长度" },
    help: {
      en: "Rows longer than this many tokens are cut at the end.",
      zh: "超过该 token 数的样本会从末尾截断。",
    },
    trl: "max_length",
    llamaFactory: "cutoff_len",
  }),
  scheduler: define({
    schema: z.enum(schedulers),
    default: "cosine",
    group: "schedule",
    level: "basic",
    label: { en: "Scheduler", zh: "学习率调度" },
    help: {
      en: "How the learning rate moves over the run; the plan beside draws it. cosine falls once and does not come back; reduce_lr_on_plateau and greedy follow the validation loss.",
      zh: "学习率在训练过程中的变化方式；右侧计划中会画出曲线。cosine 只下降一次，不会回升；reduce_lr_on_plateau 与 greedy 跟随验证损失。",
    },
    trl: "lr_scheduler_type",
    llamaFactory: "lr_scheduler_type",
  }),
  warmupRatio: define({
    schema: z.number().min(0).max(0.9, "Warm-up longer than 90 % of the run leaves no time to learn."),
    default: 0.03,
    group: "schedule",
    level: "basic",
    usual: { en: "0 to 0.1", zh: "0 至 0.1" },
    label: { en: "Warm-up", zh: "预热比例" },
    help: {
      en: "Share of the steps during which the learning rate climbs from 0. constant, reduce_lr_on_plateau and greedy ignore it.",
      zh: "学习率从 0 升至设定值所用步数的占比。constant、reduce_lr_on_plateau 与 greedy 不使用它。",
    },
    trl: "warmup_steps",
    llamaFactory: "warmup_ratio",
  }),
  ...scheduleParameters,
  ...followingParameters,
  weightDecay: define({
    schema: z.number().min(0).max(1),
    default: 0,
    group: "schedule",
    level: "expert",
    usual: { en: "0 to 0.1", zh: "0 至 0.1" },
    label: { en: "Weight decay", zh: "权重衰减" },
    help: {
      en: "Pulls weights gently towards zero at each step; biases and norms are left alone.",
      zh: "每一步把权重轻微拉向零；偏置与归一化层除外。",
    },
    trl: "weight_decay",
    llamaFactory: "weight_decay",
  }),
  maxGradNorm: define({
    schema: z.number().min(0).max(1000),
    default: 1,
    group: "schedule",
    level: "expert",
    usual: { en: "1", zh: "1" },
    label: { en: "Gradient clipping", zh: "梯度裁剪" },
    help: {
      en: "Gradients longer than this are scaled down; 0 switches clipping off.",
      zh: "梯度范数超过该值时按比例缩小；0 表示不裁剪。",
    },
    trl: "max_grad_norm",
    llamaFactory: "max_grad_norm",
  }),
  ...optimizerParameters,
  gradientCheckpointing: define({
    schema: z.boolean(),
    default: false,
    group: "training",
    level: "expert",
    label: { en: "Gradient checkpointing", zh: "梯度检查点" },
    help: {
      en: "Recomputes activations instead of keeping them: less memory, about a third slower.",
      zh: "用重算代替保存激活值：更省内存，速度约慢三分之一。",
    },
    trl: "gradient_checkpointing",
    llamaFactory: "gradient_checkpointing",
  }),
  precision: define({
    schema: z.enum(["auto", "float32", "bfloat16", "float16", "pure_bfloat16"]),
    default: "auto",
    group: "training",
    level: "expert",
    label: { en: "Precision", zh: "精度" },
    help: {
      en: "auto: bfloat16 on a GPU, float32 on a CPU. bfloat16 and float16 compute short and keep trained weights in float32; float16 scales the loss and needs a GPU. pure_bfloat16 keeps weights and optimizer short as well: half the memory, and small updates can be lost to rounding.",
      zh: "auto：GPU 使用 bfloat16，CPU 使用 float32。bfloat16 与 float16 用短格式计算，训练的权重仍为 float32；float16 会缩放损失，需要 GPU。pure_bfloat16 连权重和优化器也用短格式：内存减半，但小的更新可能因舍入丢失。",
    },
    trl: "bf16",
    llamaFactory: "bf16",
  }),
  ...machineParameters,
  logEverySteps: define({
    schema: z.int().min(1).max(100_000),
    default: 1,
    group: "output",
    level: "expert",
    unit: "steps",
    label: { en: "Log every", zh: "日志间隔" },
    help: { en: "Steps between two points of the curves.", zh: "曲线上相邻两点之间的步数。" },
    trl: "logging_steps",
    llamaFactory: "logging_steps",
  }),
  saveEverySteps: define({
    schema: z.int().min(1).max(1_000_000).nullable(),
    default: 100,
    group: "output",
    level: "basic",
    unit: "steps",
    label: { en: "Save every", zh: "保存间隔" },
    help: {
      en: "Steps between checkpoints. Empty: only the last step is saved.",
      zh: "相邻检查点之间的步数。留空：只保存最后一步。",
    },
    trl: "save_steps",
    llamaFactory: "save_steps",
  }),
  saveLimit: define({
    schema: z.int().min(1).max(1000).nullable(),
    default: 5,
    group: "output",
    level: "expert",
    label: { en: "Keep checkpoints", zh: "保留检查点数" },
    help: {
      en: "The oldest checkpoint goes when there are more than this. Empty: keep all.",
      zh: "超过该数量时删除最旧的检查点。留空：全部保留。",
    },
    trl: "save_total_limit",
    llamaFactory: "save_total_limit",
  }),
  evalEverySteps: define({
    schema: z.int().min(1).max(1_000_000).nullable(),
    default: 50,
    group: "output",
    level: "basic",
    unit: "steps",
    label: { en: "Evaluate every", zh: "评估间隔" },
    help: {
      en: "Steps between two looks at the validation rows. Empty: only at the end. Needs a validation share.",
      zh: "相邻两次验证之间的步数。留空：仅在结束时。需设置验证集比例。",
    },
    trl: "eval_steps",
    llamaFactory: "eval_steps",
  }),
  seed: define({
    schema: z.int().min(0).max(4_294_967_295),
    default: 42,
    group: "output",
    level: "basic",
    label: { en: "Seed", zh: "随机种子" },
    help: {
      en: "Same seed, data and machine: same run. It also decides which rows are held out for validation.",
      zh: "相同的种子、数据与机器得到相同的训练。它也决定哪些样本用于验证。",
    },
    trl: "seed",
    llamaFactory: "seed",
  }),
  neftuneAlpha: defineOptional({
    schema: z
      .number()
      .positive("Noise of strength 0 is no noise; leave it empty to switch it off.")
      .max(100, "Choose a strength of at most 100.")
      .nullable(),
    default: null,
    stages: ["sft"],
    group: "training",
    level: "expert",
    usual: { en: "5 to 15", zh: "5 至 15" },
    label: { en: "NEFTune noise", zh: "NEFTune 噪声" },
    help: {
      en: "Noise on the embeddings while training, of strength alpha ÷ √(tokens × width); can make answers of a small set less literal. Empty: none.",
      zh: "训练时在嵌入上加噪声，强度为 alpha ÷ √(token 数 × 宽度)；数据少时可减少照搬。留空：不加。",
    },
    trl: "neftune_noise_alpha",
    llamaFactory: "neftune_noise_alpha",
  }),
  ...cadenceParameters,
  ...moreParameters,
} as const;
