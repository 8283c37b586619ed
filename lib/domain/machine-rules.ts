import type { Optimizer } from "../contract/parameters/optimizer";
import { trainingParameters } from "../contract/parameters/training";
import type { EnvironmentReport } from "../contract/system";
import type { TrainingSettings } from "../contract/train-spec";

/** What a choice needs and the machine has not got. trainer/src/trainer/machine.py says the same before anything is loaded. */
export type Need = { code: "needsPackage" | "needsGpu" | "needsBf16"; params: { package?: string } };

/** The first pattern that fits names the package. */
const optimizerPackages: readonly [RegExp, string][] = [
  [/^galore_/, "galore-torch"],
  [/^apollo_/, "apollo-torch"],
  [/^adamw_torch_[48]bit$/, "torchao"],
  [/^adamw_torch_xla$/, "torch-xla"],
  [/^adamw_torch_npu/, "torch-npu"],
  [/^adamw_anyprecision$/, "torchdistx"],
  [/^schedule_free_/, "schedulefree"],
  [/^stable_adamw$/, "torch-optimi"],
  [/^grokadamw$/, "grokadamw"],
  [/lomo$/, "lomo-optim"],
  [/^(adamw_8bit|adamw_bnb|paged_|lion_|ademamix|rmsprop_)/, "bitsandbytes"],
];

export const packageOf = (optimizer: Optimizer): string | null =>
  optimizerPackages.find(([pattern]) => pattern.test(optimizer))?.[1] ?? null;

/** Null where the machine can, or where nothing is known of it yet. */
export function needOf(name: string, value: unknown, environment: EnvironmentReport | null): Need | null {
  if (environment === null) return null;
  const lacks = (wanted: string): Need | null =>
    environment.extras.some((extra) => extra.name === wanted && extra.version === null)
      ? { code: "needsPackage", params: { package: wanted } }
      : null;
  const gpu: Need | null = environment.devices.length > 0 ? null : { code: "needsGpu", params: {} };
  const bf16: Need | null = environment.devices.length > 0 && !environment.bf16 ? { code: "needsBf16", params: {} } : null;
  const choice = `${name}=${String(value)}`;
  switch (choice) {
    case "precision=float16":
    case "tf32=on":
    case "attention=flex_attention":
      return gpu;
    case "precision=bfloat16":
    case "precision=pure_bfloat16":
      return bf16;
    case "attention=flash_attention_2":
      return gpu ?? lacks("flash-attn");
    case "ligerKernel=true":
      return gpu ?? lacks("liger-kernel");
  }
  const wanted = name === "optimizer" ? trainingParameters.optimizer.schema.safeParse(value).data : undefined;
  const needed = wanted === undefined ? null : packageOf(wanted);
  return needed === null ? null : lacks(needed);
}

/** Of a training the settings that this machine can't do. */
export const needsOf = (
  training: TrainingSettings,
  environment: EnvironmentReport | null,
): { name: keyof TrainingSettings; need: Need }[] =>
  (["optimizer", "precision", "attention", "ligerKernel", "tf32"] as const).flatMap((name) => {
    const need = needOf(name, training[name], environment);
    return need === null ? [] : [{ name, need }];
  });
