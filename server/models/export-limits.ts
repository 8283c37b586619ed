import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { FieldProblem, FieldProblemCode } from "../../lib/contract/errors";
import type { ExportSpec } from "../../lib/contract/job-spec";
import type { ModelInput } from "../../lib/contract/worker-spec";

const Config = z.looseObject({
  quantization_config: z.unknown().optional(),
  init_lora_weights: z.union([z.boolean(), z.string()]).nullish(),
});

/** Starts after which an adapter is the whole difference to its base; see PLAIN_STARTS in the trainer. */
const plainStarts = new Set<unknown>([null, undefined, true, false, "gaussian", "eva", "orthogonal"]);

/** Why this form can't be made of this checkpoint; null when it can. */
export async function whyNotPossible(model: ModelInput, form: ExportSpec["form"]): Promise<FieldProblem | null> {
  const no = (code: FieldProblemCode, message: string, params: FieldProblem["params"] = {}): FieldProblem => ({
    path: "spec.form",
    value: form,
    code,
    message,
    params,
  });
  if (form === "adapter")
    return model.adapterPath === null
      ? no("noAdapter", "This run trained the whole model, so there is no adapter. Choose the merged form.")
      : null;
  if (model.path === null) return no("baseMissing", "The base model is not on this machine any more. Add it again, or export the adapter.");
  const base = await readConfig(join(model.path, "config.json"));
  if (base === null) return no("baseMissing", `The base model in ${model.path} is gone. Put it back, or export the adapter.`);
  if (base.quantization_config)
    return no("quantised", "The base model is quantised; merging would lose a part of what was learnt. Export the adapter.");
  const adapter = model.adapterPath === null ? null : await readConfig(join(model.adapterPath, "adapter_config.json"));
  if (adapter !== null && !plainStarts.has(adapter.init_lora_weights))
    return no(
      "adapterStart",
      `The adapter was started with ${String(adapter.init_lora_weights)}, which changes the base as well; it can't be merged into it. Export the adapter.`,
      { start: String(adapter.init_lora_weights) },
    );
  return null;
}

async function readConfig(path: string): Promise<z.infer<typeof Config> | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  return text === null ? null : Config.parse(JSON.parse(text));
}
