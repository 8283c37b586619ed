import * as z from "zod";
import { defineOptional } from "./parameter";

export const batchOrders = ["random", "length", "sequential"] as const;
export const packings = ["off", "bfd", "bfd_split", "wrapped"] as const;
export type Packing = (typeof packings)[number];

/** Which rows stand in a batch together. */
export const batchingParameters = {
  order: defineOptional({
    schema: z.enum(batchOrders),
    default: "random",
    suggested: "length",
    group: "training",
    level: "expert",
    stages: ["sft", "pt"],
    label: { en: "Order of rows", zh: "样本顺序" },
    help: {
      en: "length: rows of like length share a batch, so that little of it is padding; the batches come in random order. random: a plain shuffle. sequential: as in the file.",
      zh: "length：长度相近的样本放在同一批，填充最少；各批的先后仍为随机。random：完全打乱。sequential：按文件顺序。",
    },
    trl: "train_sampling_strategy",
    llamaFactory: null,
  }),
  packing: defineOptional({
    schema: z.enum(packings),
    default: "off",
    defaultForStage: { pt: { full: "bfd_split" } },
    group: "training",
    level: "expert",
    stages: ["sft", "pt"],
    label: { en: "Packing", zh: "打包" },
    help: {
      en: "Fills each row of a batch up to the cutoff length with several samples, which do not see each other. bfd keeps samples whole and cuts what is longer; bfd_split lets it go on in another row; wrapped cuts everywhere, and neighbours see each other. Steps become fewer.",
      zh: "把多个样本拼进一行直到截断长度，样本之间互不可见。bfd 保持样本完整，超长部分截断；bfd_split 把超长部分接到另一行；wrapped 随处切分，且相邻样本互相可见。步数会变少。",
    },
    trl: "packing_strategy",
    llamaFactory: "packing",
  }),
} as const;
