import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeModelFolder, safetensorsOf, tinyConfig, tinyTensors } from "../testing/make-model";
import { inspectModel } from "./inspect-model";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tb-model-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const inspect = (files: Parameters<typeof makeModelFolder>[1] = {}) => inspectModel(makeModelFolder(join(root, "m"), files), [root]);

test("reads shapes, sizes and modules from small files and headers", async () => {
  expect(await inspect()).toMatchObject({
    architecture: "LlamaForCausalLM",
    modelType: "llama",
    layers: 2,
    hiddenSize: 8,
    vocabSize: 20,
    contextLength: 64,
    dtype: "float32",
    parameters: 20 * 8 * 2 + 2 * (64 + 32 + 128 + 8) + 8,
    tiedEmbeddings: false,
    chatTemplate: true,
    remoteCode: false,
    shards: 1,
  });
});

test("groups linear modules by last name, without embeddings and norms, and marks the head", async () => {
  const { modules } = await inspect();
  expect(Object.fromEntries(modules.map(({ name, ...group }) => [name, group]))).toEqual({
    q_proj: { count: 2, parameters: 128, inPlusOut: 32, head: false },
    k_proj: { count: 2, parameters: 64, inPlusOut: 24, head: false },
    down_proj: { count: 2, parameters: 256, inPlusOut: 48, head: false },
    lm_head: { count: 1, parameters: 160, inPlusOut: 28, head: true },
  });
});

test("counts tied embeddings once, even where the head was saved", async () => {
  const facts = await inspect({ "config.json": { ...tinyConfig, tie_word_embeddings: true } });
  expect(facts.parameters).toBe(20 * 8 + 2 * (64 + 32 + 128 + 8) + 8);
  expect(facts.modules.map((group) => group.name)).not.toContain("lm_head");
});

test("the fingerprint is the one that the worker computes", async () => {
  const python = process.env.TUNEBOARD_PYTHON ?? join(import.meta.dirname, "../../.venv/bin/python");
  const { fingerprint } = await inspect({ "other.safetensors": safetensorsOf({ "a.weight": { dtype: "BF16", shape: [2] } }) });
  const code = "import sys, pathlib; from trainer.models import fingerprint; print(fingerprint(pathlib.Path(sys.argv[1])))";
  const env = { ...process.env, PYTHONPATH: join(import.meta.dirname, "../../trainer/src") };
  expect(execFileSync(python, ["-c", code, join(root, "m")], { env, encoding: "utf8" }).trim()).toBe(fingerprint);
});

test("reads only the shards that the index names", async () => {
  const facts = await inspect({
    "model.safetensors": null,
    "model-1.safetensors": safetensorsOf({ "a.weight": { dtype: "F32", shape: [2, 2] } }),
    "model-2.safetensors": safetensorsOf({ "b.weight": { dtype: "F32", shape: [2, 3] } }),
    "left-over.safetensors": safetensorsOf({ "c.weight": { dtype: "F32", shape: [9, 9] } }),
    "model.safetensors.index.json": { weight_map: { "a.weight": "model-1.safetensors", "b.weight": "model-2.safetensors" } },
  });
  expect(facts).toMatchObject({ shards: 2, parameters: 10 });
});

test.each([
  ["no config.json", { "config.json": null }, "model_not_readable", /config\.json/],
  ["a config that is no JSON", { "config.json": "{" }, "model_not_readable", /config\.json is not a JSON object/],
  ["no tokenizer", { "tokenizer.json": null }, "model_not_readable", /tokenizer/],
  ["pickle weights only", { "model.safetensors": null, "pytorch_model.bin": "x" }, "model_pickle_only", /pytorch_model\.bin.*can run code/],
  [
    "an adapter",
    { "config.json": null, "adapter_config.json": { base_model_name_or_path: "Qwen/Qwen3-0.6B" } },
    "model_is_adapter",
    /Qwen\/Qwen3-0\.6B/,
  ],
  ["a header that claims too much", { "model.safetensors": Buffer.alloc(64, 0xff) }, "model_not_readable", /model\.safetensors.*claims/],
  [
    "a header that is no JSON",
    { "model.safetensors": Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("nope")]) },
    "model_not_readable",
    /not JSON/,
  ],
  ["a file cut short", { "model.safetensors": safetensorsOf(tinyTensors()).subarray(0, -10) }, "model_not_readable", /not complete/],
  [
    "a missing shard",
    {
      "model.safetensors": null,
      "x.safetensors": safetensorsOf({}),
      "model.safetensors.index.json": { weight_map: { a: "gone.safetensors" } },
    },
    "model_not_readable",
    /gone\.safetensors/,
  ],
])("refuses %s and says which file", async (_, files, code, message) => {
  await expect(inspect(files)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test("refuses a link that leads out of the allowed folders", async () => {
  const outside = mkdtempSync(join(tmpdir(), "tb-outside-"));
  writeFileSync(join(outside, "secret.json"), "{}");
  makeModelFolder(join(root, "m"), { "config.json": null });
  symlinkSync(join(outside, "secret.json"), join(root, "m", "config.json"));
  await expect(inspectModel(join(root, "m"), [root])).rejects.toMatchObject({ code: "path_outside_roots" });
  rmSync(outside, { recursive: true });
});
