import * as z from "zod";
import { define } from "./parameter";

/** How the frozen weights under a QLoRA adapter are rounded. */
export const quantizationParameters = {
  type: define({
    schema: z.enum(["nf4", "fp4", "int8"]),
    default: "nf4",
    group: "quantization",
    level: "basic",
    label: { en: "Rounded weights", zh: "量化类型" },
    help: {
      en: "nf4: 4 bits laid out for weights, the usual choice. fp4: 4-bit floats. int8: 8 bits, twice the memory and less rounding.",
      zh: "nf4：按权重分布设计的 4 位格式，通常选它。fp4：4 位浮点。int8：8 位，内存翻倍，误差更小。",
    },
    trl: "bnb_4bit_quant_type",
    llamaFactory: "quantization_bit",
  }),
  doubleQuant: define({
    schema: z.boolean(),
    default: true,
    group: "quantization",
    level: "basic",
    label: { en: "Double quantisation", zh: "双重量化" },
    help: {
      en: "Rounds the scales of the 4-bit blocks too: about 0.4 bits a weight less. int8 has no such thing.",
      zh: "对 4 位块的缩放系数再次量化：每个权重约省 0.4 位。int8 无此选项。",
    },
    trl: "bnb_4bit_use_double_quant",
    llamaFactory: "double_quantization",
  }),
  computeDtype: define({
    schema: z.enum(["auto", "float32", "bfloat16"]),
    default: "auto",
    group: "quantization",
    level: "expert",
    label: { en: "Compute type", zh: "计算精度" },
    help: {
      en: "In what the rounded weights are multiplied. auto: the precision of the run.",
      zh: "量化权重参与计算时的精度。auto：与训练精度一致。",
    },
    trl: "bnb_4bit_compute_dtype",
    llamaFactory: null,
  }),
} as const;
