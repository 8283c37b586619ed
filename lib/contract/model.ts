import * as z from "zod";
import { ModelId, RunId } from "./ids";

/** Linear modules that share their last name over all layers; what LoRA can target. */
export const ModuleGroup = z.object({
  name: z.string().describe("Such as q_proj"),
  count: z.int(),
  parameters: z.number(),
  inPlusOut: z.number().describe("Sum of inputs and outputs over all layers: LoRA parameters are rank times this"),
  head: z.boolean().describe("The output head; not part of “all linear layers”"),
});
export type ModuleGroup = z.infer<typeof ModuleGroup>;

/** Tensors of one name and shape in all the layers that have them. */
export const TensorGroup = z.object({
  name: z
    .string()
    .describe("Within its layer, such as self_attn.q_proj.weight; the whole name outside the layers. Numbers of experts are *"),
  shape: z.array(z.int()),
  each: z.int().describe("How many a layer has: one, or one for each expert"),
  layers: z.array(z.int()).describe("Numbers of the layers; empty for a tensor outside of them"),
});
export type TensorGroup = z.infer<typeof TensorGroup>;

/** Facts read from config.json, tokenizer files and the headers of the safetensors; weights are not loaded. */
export const ModelFacts = z.object({
  architecture: z.string(),
  modelType: z.string(),
  parameters: z.number(),
  bytes: z.number(),
  dtype: z.string(),
  layers: z.int().nullable(),
  hiddenSize: z.int().nullable(),
  vocabSize: z.int().nullable(),
  contextLength: z.int().nullable(),
  tiedEmbeddings: z.boolean(),
  chatTemplate: z.boolean(),
  tokenizerBytes: z
    .number()
    .optional()
    .describe("Of the files that each checkpoint takes along; not known of models added by an older version"),
  remoteCode: z.boolean().describe("config.json names Python of its own (auto_map)"),
  shards: z.int(),
  modules: z.array(ModuleGroup),
  tensors: z.array(TensorGroup).optional().describe("Every tensor; not known of models added by an older version"),
  fingerprint: z.string().describe("Hash of config.json and the safetensors headers"),
});
export type ModelFacts = z.infer<typeof ModelFacts>;

export const ModelSource = z.discriminatedUnion("type", [
  z.object({ type: z.literal("demo") }),
  z.object({ type: z.literal("folder"), path: z.string() }),
  z.object({ type: z.literal("hub"), repo: z.string(), revision: z.string() }),
  z.object({ type: z.literal("export"), runId: RunId }),
]);
export type ModelSource = z.infer<typeof ModelSource>;

export const Model = z.object({
  id: ModelId,
  name: z.string(),
  source: ModelSource,
  path: z.string().nullable().describe("Local folder; null while a hub model is not on this machine yet"),
  present: z.boolean().describe("The folder is still where it was"),
  facts: ModelFacts.nullable(),
  trustRemoteCode: z.boolean(),
  createdAt: z.number(),
  usedByRuns: z.int(),
});
export type Model = z.infer<typeof Model>;

const HubRepo = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/,
    "A hub id looks like owner/name, for example Qwen/Qwen3-0.6B.",
  );

export const AddModel = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("folder"),
    path: z.string().trim().min(1, "Give the full path of the model's folder."),
    name: z.string().trim().max(80).optional(),
    trustRemoteCode: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal("hub"),
    repo: HubRepo,
    revision: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9._/-]{1,100}$/)
      .default("main"),
    trustRemoteCode: z.boolean().default(false),
  }),
]);
export type AddModel = z.infer<typeof AddModel>;
