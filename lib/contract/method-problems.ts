import type { FieldProblemCode } from "./errors";
import type { SettingsOf } from "./parameters/parameter";
import type { ParameterPart, parameterTables } from "./parameters/tables";
import { adapterMethods, type Method } from "./stages";

type Settings = { [P in Extract<ParameterPart, "lora" | "quantization" | "freeze">]: SettingsOf<(typeof parameterTables)[P]> | null };
type Methodical = Settings & { method: Method; startFrom: { how: "continue" | "onTop" } | null };
export type MethodProblem = { path: string[]; message: string; params: { code: FieldProblemCode; names?: string } };

/** Settings of a method that do not go together: peft would refuse them late, or train something else in silence. */
export function methodProblems({ method, lora, freeze, quantization, startFrom }: Methodical): MethodProblem[] {
  const problems: MethodProblem[] = [];
  const refuse = (path: string, code: FieldProblemCode, message: string, names?: string) =>
    problems.push({ path: path.split("."), message, params: { code, ...(names !== undefined && { names }) } });
  if (freeze !== null && freeze.layers === 0 && freeze.extras.length === 0)
    refuse(
      "freeze.layers",
      "nothingLearns",
      "Nothing would be trained: choose some layers, or name modules outside the layers such as embed_tokens.",
    );
  if (startFrom !== null && !adapterMethods.includes(method))
    refuse(
      "startFrom",
      "startNeedsAdapter",
      `Method ${method} trains no adapter. Choose LoRA to go on from one, or export it merged and choose that model.`,
    );
  if (lora === null) return problems;
  if (quantization !== null && lora.init.startsWith("pissa"))
    refuse(
      "lora.init",
      "pissaRounded",
      "PiSSA changes the weights it begins with, which rounded weights do not allow. Choose default, or method LoRA.",
    );
  const twice = lora.modulesToSave.filter((name) => lora.targets.some((target) => endOf(target) === endOf(name)));
  if (twice.length > 0)
    refuse(
      "lora.modulesToSave",
      "twiceTrained",
      `${twice.join(", ")} can't have an adapter and be trained whole. Take it out of one of the two.`,
      twice.join(", "),
    );
  if (lora.trainableTokens.length > 0 && lora.modulesToSave.some((name) => EMBEDDING.test(name)))
    refuse("lora.trainableTokens", "embeddingWhole", "The embedding is trained whole already. Leave the tokens out, or the embedding.");
  if (startFrom?.how === "onTop" && method === "qlora")
    refuse(
      "startFrom",
      "onTopRounded",
      "A new adapter can't be put on top of another over rounded weights. Continue that adapter, or choose method LoRA.",
    );
  if (startFrom?.how === "onTop" && lora.dora)
    refuse("lora.dora", "onTopDora", "DoRA can't be put on top of another adapter. Switch it off, or continue that adapter.");
  return problems;
}

const endOf = (name: string): string => name.split(".").at(-1) ?? name;
const EMBEDDING = /(^|\.)(embed_tokens|wte|word_embeddings|embed_in|tok_embeddings)$/;
