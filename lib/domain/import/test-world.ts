import { DatasetId, ModelId } from "../../contract/ids";
import type { KnownModel, KnownSet, World } from "./types";

const named = (name: string, head = false) => ({ name, count: 2, parameters: 100, inPlusOut: 40, head });

const facts: KnownModel["facts"] = {
  ...{
    architecture: "LlamaForCausalLM",
    modelType: "llama",
    parameters: 10_000,
    bytes: 40_000,
    dtype: "float32",
    layers: 2,
    hiddenSize: 8,
  },
  ...{ vocabSize: 16, contextLength: 512, tiedEmbeddings: true, chatTemplate: true, remoteCode: false, shards: 1, fingerprint: "f" },
  modules: [named("q_proj"), named("v_proj"), named("lm_head", true)],
};

/** Two models and two sets, as far as an import looks at them. */
export const qwen: KnownModel = {
  id: ModelId.parse("mod_000000000001"),
  name: "Qwen2.5-7B-Instruct",
  source: { type: "hub", repo: "Qwen/Qwen2.5-7B-Instruct", revision: "main" },
  ...{ path: "/models/qwen", facts, trustRemoteCode: false },
};
const other: KnownModel = {
  ...qwen,
  id: ModelId.parse("mod_000000000002"),
  name: "tiny",
  source: { type: "demo" },
  path: "/home/models/tiny",
};

const set = (id: string, name: string, usableRows: number): KnownSet => ({
  ...{ id: DatasetId.parse(id), name, fileName: `${name}.json`, version: 1, createdAt: 0, report: { format: "alpaca", usableRows } },
});
export const identity = set("ds_000000000001", "identity", 91);
export const alpaca = set("ds_000000000002", "alpaca en demo.jsonl", 2000);

export const world: World = { models: [other, qwen], datasets: [identity, alpaca], model: other };
