import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExportSpec } from "../../lib/contract/job-spec";
import type { SafetensorsHeader, Tensor } from "./safetensors";
import { countElements, mainDtype } from "./weight-facts";

export type PlannedWeights = { bytes: number; shards: number; dtype: string };
type Merged = { path: string; adapter: boolean; dtype: ExportSpec["dtype"]; maxShardBytes: number };

const floatBytes = { float32: 4, bfloat16: 2, float16: 2 };
const floatNames = new Set(["F64", "F32", "F16", "BF16"]);
const HEAD = "lm_head.weight";

/** The same rules as plan_merge and group_shards in the trainer: tensors in the order of the disk, each shard as full as it may be. */
export function planMerged(headers: readonly SafetensorsHeader[], { path, adapter, dtype, maxShardBytes }: Merged): PlannedWeights {
  const all = headers.flatMap((header) => header.tensors);
  const tensors = adapter && isTied(path) ? all.filter((tensor) => tensor.name !== HEAD) : all;
  const sizes = tensors.map((tensor) => exportedBytes(tensor, dtype));
  return {
    bytes: sizes.reduce((sum, size) => sum + size, 0) + tensors.length * 100,
    shards: countShards(sizes, maxShardBytes),
    dtype: dtype === "auto" ? mainDtype(all) : dtype,
  };
}

export const planAdapter = (header: SafetensorsHeader): PlannedWeights => ({
  bytes: header.fileBytes,
  shards: 1,
  dtype: mainDtype(header.tensors),
});

export function countShards(sizes: readonly number[], maxShardBytes: number): number {
  let shards = 0;
  let room = 0;
  for (const size of sizes) {
    if (shards === 0 || size > room) {
      shards += 1;
      room = maxShardBytes;
    }
    room -= size;
  }
  return shards;
}

const exportedBytes = (tensor: Tensor, dtype: ExportSpec["dtype"]): number =>
  dtype === "auto" || !floatNames.has(tensor.dtype) ? tensor.bytes : countElements(tensor) * floatBytes[dtype];

function isTied(path: string): boolean {
  const config: unknown = JSON.parse(readFileSync(join(path, "config.json"), "utf8"));
  return typeof config === "object" && config !== null && Reflect.get(config, "tie_word_embeddings") === true;
}
