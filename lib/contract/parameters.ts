import * as z from "zod";

/** Words in both languages of the product. */
export type Words = { en: string; zh: string };

export type ParameterGroup = "lora" | "training" | "schedule" | "output";

/** One training parameter, described once: the form, validation, JSON Schema, command and help are drawn from this. */
export type Parameter<S extends z.ZodType = z.ZodType> = {
  schema: S;
  default: z.infer<S>;
  /** Default where it differs by method. */
  defaultFor?: Partial<Record<"lora" | "full", z.infer<S>>>;
  group: ParameterGroup;
  level: "basic" | "expert";
  methods: readonly ("lora" | "full")[];
  unit?: "steps" | "tokens" | "rows" | "epochs";
  /** The range people usually choose from; values outside are allowed, and said. */
  usual?: Words;
  label: Words;
  help: Words;
  /** Name in trl's SFTConfig or peft's LoraConfig. */
  trl: string;
  /** Name on LLaMA-Factory's command line. */
  llamaFactory: string;
};

const both = ["lora", "full"] as const;
const loraOnly = ["lora"] as const;
const define = <S extends z.ZodType>(parameter: Parameter<S>) => parameter;

export const schedulers = ["cosine", "linear", "constant", "constant_with_warmup", "inverse_sqrt"] as const;

export const loraParameters = {
  rank: define({
    schema: z.int("Rank is a whole number.").min(1, "Rank 0 trains nothing; choose 4 to 256.").max(1024, "Choose a rank of at most 1,024."),
    default: 16,
    group: "lora",
    level: "basic",
    methods: loraOnly,
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
    methods: loraOnly,
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
    methods: loraOnly,
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
    methods: loraOnly,
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

export const trainingParameters = {
  learningRate: define({
    schema: z
      .number("The learning rate is a number such as 2e-4.")
      .positive("A learning rate of 0 trains nothing; choose 1e-6 to 1e-3.")
      .max(1, "A learning rate above 1 diverges at once; choose 1e-6 to 1e-3."),
    default: 2e-4,
    defaultFor: { lora: 2e-4, full: 2e-5 },
    group: "training",
    level: "basic",
    methods: both,
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
    methods: both,
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
    methods: both,
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
    methods: both,
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
    methods: both,
    usual: { en: "1 to 16", zh: "1 至 16" },
    label: { en: "Gradient accumulation", zh: "梯度累积" },
    help: {
      en: "Batches added up before one step: a larger effective batch without more memory.",
      zh: "累积多少个批次再更新一次：不增加内存即可增大有效批大小。",
    },
    trl: "gradient_accumulation_steps",
    llamaFactory: "gradient_accumulation_steps",
  }),
  cutoffLength: define({
    schema: z.int().min(16, "A cutoff under 16 tokens leaves nothing to learn.").max(1_048_576),
    default: 1024,
    group: "training",
    level: "basic",
    methods: both,
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
    methods: both,
    label: { en: "Scheduler", zh: "学习率调度" },
    help: {
      en: "How the learning rate moves over the run; the plan beside draws it.",
      zh: "学习率在训练过程中的变化方式；右侧计划中会画出曲线。",
    },
    trl: "lr_scheduler_type",
    llamaFactory: "lr_scheduler_type",
  }),
  warmupRatio: define({
    schema: z.number().min(0).max(0.9, "Warm-up longer than 90 % of the run leaves no time to learn."),
    default: 0.03,
    group: "schedule",
    level: "basic",
    methods: both,
    usual: { en: "0 to 0.1", zh: "0 至 0.1" },
    label: { en: "Warm-up", zh: "预热比例" },
    help: {
      en: "Share of the steps during which the learning rate climbs from 0. Scheduler “constant” ignores it.",
      zh: "学习率从 0 升至设定值所用步数的占比。调度方式为 constant 时不起作用。",
    },
    trl: "warmup_steps",
    llamaFactory: "warmup_ratio",
  }),
  weightDecay: define({
    schema: z.number().min(0).max(1),
    default: 0,
    group: "schedule",
    level: "expert",
    methods: both,
    usual: { en: "0 to 0.1", zh: "0 至 0.1" },
    label: { en: "Weight decay", zh: "权重衰减" },
    help: {
      en: "Pulls weights gently towards zero at each step (AdamW).",
      zh: "每一步把权重轻微拉向零（AdamW）。",
    },
    trl: "weight_decay",
    llamaFactory: "weight_decay",
  }),
  maxGradNorm: define({
    schema: z.number().min(0).max(1000),
    default: 1,
    group: "schedule",
    level: "expert",
    methods: both,
    usual: { en: "1", zh: "1" },
    label: { en: "Gradient clipping", zh: "梯度裁剪" },
    help: {
      en: "Gradients longer than this are scaled down; 0 switches clipping off.",
      zh: "梯度范数超过该值时按比例缩小；0 表示不裁剪。",
    },
    trl: "max_grad_norm",
    llamaFactory: "max_grad_norm",
  }),
  gradientCheckpointing: define({
    schema: z.boolean(),
    default: false,
    group: "training",
    level: "expert",
    methods: both,
    label: { en: "Gradient checkpointing", zh: "梯度检查点" },
    help: {
      en: "Recomputes activations instead of keeping them: less memory, about a third slower.",
      zh: "用重算代替保存激活值：更省内存，速度约慢三分之一。",
    },
    trl: "gradient_checkpointing",
    llamaFactory: "gradient_checkpointing",
  }),
  precision: define({
    schema: z.enum(["auto", "float32", "bfloat16"]),
    default: "auto",
    group: "training",
    level: "expert",
    methods: both,
    label: { en: "Precision", zh: "精度" },
    help: {
      en: "auto: bfloat16 on a GPU, float32 on a CPU.",
      zh: "auto:GPU 使用 bfloat16,CPU 使用 float32。",
    },
    trl: "bf16",
    llamaFactory: "bf16",
  }),
  logEverySteps: define({
    schema: z.int().min(1).max(100_000),
    default: 1,
    group: "output",
    level: "expert",
    methods: both,
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
    methods: both,
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
    methods: both,
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
    methods: both,
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
    methods: both,
    label: { en: "Seed", zh: "随机种子" },
    help: {
      en: "Same seed, data and machine: same run. It also decides which rows are held out for validation.",
      zh: "相同的种子、数据与机器得到相同的训练。它也决定哪些样本用于验证。",
    },
    trl: "seed",
    llamaFactory: "seed",
  }),
} as const;

export type LoraParameterName = keyof typeof loraParameters;
export type TrainingParameterName = keyof typeof trainingParameters;
