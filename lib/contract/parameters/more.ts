import * as z from "zod";
import { defineOptional } from "./parameter";

const Scalar = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()]);
const MoreValue = z.union([Scalar, z.array(Scalar).max(200), z.record(z.string().max(100), Scalar)]);
export type MoreValue = z.infer<typeof MoreValue>;

export const moreParameters = {
  more: defineOptional({
    schema: z
      .record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "An argument's name has small letters, digits and _."), MoreValue, {
        error: "Write one argument a line, such as `eval_delay: 10`.",
      })
      .refine((more) => Object.keys(more).length <= 100, "At most 100 arguments."),
    default: {},
    group: "output",
    level: "expert",
    label: { en: "Further arguments", zh: "更多参数" },
    help: {
      en: "Any argument of the installed trl or transformers that has no field here, one a line: name: value. It is checked against the installed version; what has a field or would break the run is refused.",
      zh: "已安装的 trl 或 transformers 中没有对应字段的任意参数，每行一个：名称: 值。会按已安装的版本检查；已有字段或会破坏训练的参数会被拒绝。",
    },
    trl: "TrainingArguments",
    llamaFactory: null,
  }),
} as const;
