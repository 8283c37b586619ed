import * as z from "zod";
import type { ModelFacts } from "../../lib/contract/model";

const Values = z.record(z.string(), z.unknown());
type ConfigFacts = Pick<ModelFacts, "architecture" | "modelType" | "layers" | "hiddenSize" | "vocabSize" | "contextLength" | "remoteCode">;

/** What config.json says, under the names that the families of models use for the same things. */
export function factsOfConfig(config: Record<string, unknown>): ConfigFacts {
  // Models that also see pictures keep the language part one level down.
  const text = Values.safeParse(config.text_config);
  const values = text.success ? { ...config, ...text.data } : config;
  return {
    architecture: z.array(z.string()).min(1).safeParse(config.architectures).data?.[0] ?? "unknown",
    modelType: z.string().safeParse(config.model_type).data ?? "unknown",
    layers: firstCount(values, ["num_hidden_layers", "n_layer", "num_layers"]),
    hiddenSize: firstCount(values, ["hidden_size", "n_embd", "d_model"]),
    vocabSize: firstCount(values, ["vocab_size"]),
    contextLength: firstCount(values, ["max_position_embeddings", "n_positions", "max_seq_len", "seq_length"]),
    remoteCode: Values.safeParse(config.auto_map).success,
  };
}

function firstCount(values: Record<string, unknown>, names: string[]): number | null {
  for (const name of names) {
    const count = z.int().positive().safeParse(values[name]);
    if (count.success) return count.data;
  }
  return null;
}
