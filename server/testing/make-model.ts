import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type TinyTensor = { dtype: "F32" | "BF16"; shape: number[] };

/** Bytes of a safetensors file with zeros for weights. */
export function safetensorsOf(tensors: Record<string, TinyTensor>): Buffer {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape }]) => {
    const start = end;
    end += shape.reduce((product, size) => product * size, 1) * (dtype === "F32" ? 4 : 2);
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  const json = Buffer.from(JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(end)]);
}

/** Two layers, hidden size 8, vocabulary 20; enough for everything that reads names and shapes. */
export const tinyTensors = (dtype: TinyTensor["dtype"] = "F32"): Record<string, TinyTensor> => ({
  "model.embed_tokens.weight": { dtype, shape: [20, 8] },
  ...Object.fromEntries(
    [0, 1].flatMap((layer) => [
      [`model.layers.${layer}.self_attn.q_proj.weight`, { dtype, shape: [8, 8] }],
      [`model.layers.${layer}.self_attn.k_proj.weight`, { dtype, shape: [4, 8] }],
      [`model.layers.${layer}.mlp.down_proj.weight`, { dtype, shape: [8, 16] }],
      [`model.layers.${layer}.input_layernorm.weight`, { dtype, shape: [8] }],
    ]),
  ),
  "model.norm.weight": { dtype, shape: [8] },
  "lm_head.weight": { dtype, shape: [20, 8] },
});

export const tinyConfig = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  num_hidden_layers: 2,
  hidden_size: 8,
  vocab_size: 20,
  max_position_embeddings: 64,
  tie_word_embeddings: false,
};

/** A model's folder with these files; null leaves one out. */
export function makeModelFolder(folder: string, files: Record<string, Buffer | string | object | null> = {}): string {
  mkdirSync(folder, { recursive: true });
  const all = {
    "config.json": tinyConfig,
    "tokenizer.json": {},
    "tokenizer_config.json": { chat_template: "{{ messages }}" },
    "model.safetensors": safetensorsOf(tinyTensors()),
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    if (content === null) continue;
    writeFileSync(join(folder, name), Buffer.isBuffer(content) || typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}
