import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import * as z from "zod";
import type { ModelFacts } from "../../lib/contract/model";
import { AppError } from "../errors";
import { factsOfConfig } from "./config-facts";
import { type ModelFolder, openModelFolder } from "./model-folder";
import { readSafetensorsHeader, type SafetensorsHeader } from "./safetensors";
import { factsOfWeights } from "./weight-facts";

const tokenizerFiles = ["tokenizer.json", "tokenizer.model", "spiece.model", "vocab.json", "vocab.txt"];
const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";
const pickle = /\.(bin|pt|pth|ckpt|pkl)$/;

/** What a model folder holds, from its small files and the headers of its weights. Throws what is wrong and what to do about it. */
export async function inspectModel(path: string, roots: readonly string[]): Promise<ModelFacts> {
  const folder = await openModelFolder(path, roots);
  if (!folder.has("config.json")) throw await noConfig(folder);
  const config = await folder.readJson("config.json");
  refuseWithoutWeights(folder);
  refuseWithoutTokenizer(folder);
  // All files of weights count for the fingerprint, as in the worker; only those that the index names hold the model.
  const headers = await readHeaders(folder);
  return {
    ...factsOfConfig(config),
    ...factsOfWeights(await chooseWeights(folder, headers), config.tie_word_embeddings === true),
    chatTemplate: await hasChatTemplate(folder),
    tokenizerBytes: await sizeOfTokenizer(folder),
    fingerprint: fingerprint(await folder.read("config.json"), headers),
  };
}

/** The files of weights that hold the model, with their sizes. */
export async function readWeights(path: string, roots: readonly string[]): Promise<SafetensorsHeader[]> {
  const folder = await openModelFolder(path, roots);
  return chooseWeights(folder, await readHeaders(folder));
}

async function noConfig(folder: ModelFolder): Promise<AppError> {
  if (!folder.has("adapter_config.json"))
    return folder.unreadable("there is no config.json in it", "Choose the folder that holds config.json and the .safetensors files.");
  const named = (await folder.readJson("adapter_config.json")).base_model_name_or_path;
  const base = typeof named === "string" && named !== "" ? named : "unknown";
  return new AppError("model_is_adapter", `${folder.path} holds an adapter only. Add its base model, ${base}, instead.`, {
    params: { path: folder.path, base },
  });
}

function refuseWithoutWeights(folder: ModelFolder): void {
  if (folder.has(SINGLE) || folder.has(INDEX)) return;
  if (folder.names.some(isSafetensors))
    throw folder.unreadable(`there is neither ${SINGLE} nor ${INDEX} in it`, "Copy the index file beside the weights.");
  const file = folder.names.find((name) => pickle.test(name));
  if (file === undefined)
    throw folder.unreadable("there is no .safetensors file in it", "Download the model's weights in safetensors form.");
  throw new AppError(
    "model_pickle_only",
    `The weights in ${folder.path} are pickle files (${file}), which can run code when they are opened. Use the model's safetensors version, or convert it.`,
    { params: { path: folder.path, file } },
  );
}

function refuseWithoutTokenizer(folder: ModelFolder): void {
  if (tokenizerFiles.some(folder.has)) return;
  throw folder.unreadable(
    `there is no tokenizer in it (${tokenizerFiles.join(", ")})`,
    "Copy the model's tokenizer files into the folder.",
  );
}

/** What the tokenizer writes beside a checkpoint: one file where it has been converted, else its parts. */
async function sizeOfTokenizer(folder: ModelFolder): Promise<number> {
  const parts = folder.has("tokenizer.json") ? ["tokenizer.json"] : [...tokenizerFiles, "merges.txt"];
  const files = [...parts, "tokenizer_config.json", "chat_template.jinja"].filter(folder.has);
  const sizes = await Promise.all(files.map(async (name) => (await stat(await folder.locate(name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function readHeaders(folder: ModelFolder): Promise<SafetensorsHeader[]> {
  const headers: SafetensorsHeader[] = [];
  for (const name of folder.names.filter(isSafetensors)) headers.push(await readSafetensorsHeader(await folder.locate(name), name));
  return headers;
}

const ShardIndex = z.object({ weight_map: z.record(z.string(), z.string()) });

async function chooseWeights(folder: ModelFolder, headers: SafetensorsHeader[]): Promise<SafetensorsHeader[]> {
  if (!folder.has(INDEX)) return headers.filter((header) => header.file === SINGLE);
  const index = ShardIndex.safeParse(await folder.readJson(INDEX));
  if (!index.success) throw folder.unreadable(`${INDEX} has no weight_map`, "Copy or download it again.");
  const wanted = new Set(Object.values(index.data.weight_map));
  const missing = [...wanted].find((file) => !folder.has(file));
  if (missing !== undefined) throw folder.unreadable(`${INDEX} names ${missing}, which is not there`, "Copy or download that file.");
  return headers.filter((header) => wanted.has(header.file));
}

async function hasChatTemplate(folder: ModelFolder): Promise<boolean> {
  if (folder.has("chat_template.jinja") || folder.has("chat_template.json")) return true;
  if (!folder.has("tokenizer_config.json")) return false;
  const template = (await folder.readJson("tokenizer_config.json")).chat_template;
  return typeof template === "string" ? template.trim() !== "" : Array.isArray(template) && template.length > 0;
}

/** Equal to `fingerprint` in trainer/models.py. */
function fingerprint(config: Buffer, headers: SafetensorsHeader[]): string {
  const hash = createHash("sha256").update(config);
  for (const header of headers) hash.update(header.head);
  return hash.digest("hex");
}

const isSafetensors = (name: string): boolean => name.endsWith(".safetensors");
