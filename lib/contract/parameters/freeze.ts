import * as z from "zod";
import { define } from "./parameter";

const names = z
  .array(z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/, "A module name has letters, digits, dots, _ and -."))
  .max(64, "Name at most 64 modules.");

/** Which of the model's own weights method Freeze trains; the others stand still. */
export const freezeParameters = {
  layers: define({
    schema: z.int("A number of layers is whole.").min(-1024).max(1024),
    default: 2,
    group: "freeze",
    level: "basic",
    usual: { en: "1 to a quarter of the layers", zh: "1 至层数的四分之一" },
    label: { en: "Trained layers", zh: "训练的层数" },
    help: {
      en: "How many layers learn: 2 means the last two, -2 the first two, 0 none but the modules named below.",
      zh: "参与训练的层数：2 表示最后两层，-2 表示最前两层，0 表示不训练任何层，只训练下面列出的模块。",
    },
    trl: "requires_grad",
    llamaFactory: "freeze_trainable_layers",
  }),
  modules: define({
    schema: names,
    default: [],
    group: "freeze",
    level: "basic",
    label: { en: "Modules within these layers", zh: "这些层中的模块" },
    help: {
      en: "Only these learn, such as mlp or self_attn.q_proj. Empty: everything in the layers above.",
      zh: "仅训练这些模块，例如 mlp 或 self_attn.q_proj。留空：上述层中的全部权重。",
    },
    trl: "requires_grad",
    llamaFactory: "freeze_trainable_modules",
  }),
  extras: define({
    schema: names,
    default: [],
    group: "freeze",
    level: "basic",
    label: { en: "Modules outside the layers", zh: "层外的模块" },
    help: {
      en: "Also learn: embed_tokens, lm_head, norm. With 0 layers and embed_tokens only the embeddings are trained.",
      zh: "同时训练：embed_tokens、lm_head、norm。层数为 0 且只填 embed_tokens 时，仅训练嵌入。",
    },
    trl: "requires_grad",
    llamaFactory: "freeze_extra_modules",
  }),
} as const;
