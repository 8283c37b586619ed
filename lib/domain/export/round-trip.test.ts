import { describe, expect, it } from "vitest";
import { DatasetId } from "../../contract/ids";
import { TrainSpec } from "../../contract/job-spec";
import { appliesTo, isShown } from "../../contract/parameters/parameter";
import { type ParameterPath, parameterAt, parameterPaths } from "../../contract/parameters/tables";
import { type CommandInputs, toLlamaFactory } from "../commands";
import { importText } from "../import/import-text";
import { qwen, world } from "../import/test-world";
import { mixCounts } from "../mix";
import { defaultsFor } from "../presets";
import { oneSet } from "../train-data";
import { toAxolotl } from "./axolotl";
import { toLlamaFactoryYaml } from "./llama-factory-yaml";

const data = oneSet(DatasetId.parse("ds_000000000001"), 0);
const defaults = defaultsFor("sft", "lora");
const plain = TrainSpec.parse({
  ...{
    kind: "train",
    stage: "sft",
    name: "pip",
    modelId: qwen.id,
    method: "lora",
    data: { ...data, validation: { type: "rows", rows: 9, stratified: false } },
  },
  ...{ lora: defaults.lora, training: { ...defaults.training, warmupSteps: 7 } },
});
const inputs = (spec: TrainSpec): CommandInputs => ({
  model: { reference: "/models/qwen", revision: null, trustRemoteCode: false },
  sets: [{ name: "identity", rowsPath: "/home/datasets/ds_000000000001/rows.jsonl" }],
  validation: [],
  counts: mixCounts(spec.data, { sets: [91], validation: [] }, 42),
  plan: { warmupSteps: spec.training.warmupSteps ?? 3, totalSteps: 60 },
});

/** Other values for a parameter, of its kind; the table's own schema picks those that it takes. */
function othersFor(path: ParameterPath): unknown[] {
  const parameter = parameterAt(path);
  if (parameter === null) return [];
  const { default: usual, schema } = parameter;
  const tries = [
    true,
    false,
    0.25,
    0.5,
    2,
    3,
    17,
    "sgd",
    "polynomial",
    "linear",
    "constant",
    "float32",
    "sdpa",
    "eager",
    "epochs",
    ["q_proj"],
  ];
  return tries.filter((value) => schema.safeParse(value).success && JSON.stringify(value) !== JSON.stringify(usual));
}

const at = (spec: TrainSpec, path: string): unknown => {
  const [part = "", name = ""] = path.split(".");
  return Object.entries({ ...(Object.entries(spec).find(([key]) => key === part)?.[1] as object) }).find(([key]) => key === name)?.[1];
};

function withValue(path: ParameterPath, value: unknown): TrainSpec | null {
  const [part = "", name = ""] = path.split(".");
  const group = { ...(Object.entries(plain).find(([key]) => key === part)?.[1] as object), [name]: value };
  const parsed = TrainSpec.safeParse({ ...plain, [part]: group });
  const parameter = parameterAt(path);
  return parsed.success && parameter !== null && appliesTo(parameter, "sft", "lora") && isShown(parameter, group) ? parsed.data : null;
}

const read = (text: string) => {
  const outcome = importText(text, world, false);
  if (outcome.form === null) throw new Error(JSON.stringify(outcome));
  return outcome;
};

/** Known to both by name; what LLaMA-Factory says in other terms has tests of its own. */
const shared = parameterPaths.filter(
  (path) => parameterAt(path)?.llamaFactory != null && !["training.warmupRatio", "training.packing"].includes(path),
);

describe("a spec as LLaMA-Factory's YAML and command, and back", () => {
  it.each(shared.flatMap((path) => othersFor(path).map((value): [string, unknown] => [path, value])))("keeps %s = %j", (path, value) => {
    const spec = withValue(path as ParameterPath, value);
    if (spec === null) return;
    for (const text of [toLlamaFactoryYaml(spec, inputs(spec)), toLlamaFactory(spec, inputs(spec)).command]) {
      const { values, lines } = read(text);
      expect(values).toMatchObject({ modelId: qwen.id, name: "pip", method: "lora", "data.validation.rows": 9, [path]: at(spec, path) });
      for (const [one, kept] of Object.entries(values))
        if (parameterAt(one) !== null && one !== "training.evalBatchSize") expect(kept, one).toEqual(at(spec, one));
      expect(lines.filter(({ verdict }) => ["unknown", "invalid", "absent"].includes(verdict.kind))).toEqual([]);
    }
  });
});

it.each([
  ["QLoRA", { method: "qlora", quantization: { ...defaults.quantization, type: "fp4", doubleQuant: false } }],
  ["8 bits", { method: "qlora", quantization: { ...defaults.quantization, type: "int8" } }],
  ["PiSSA", { lora: { ...defaults.lora, init: "pissa_niter_16" } }],
  ["freeze", { method: "freeze", lora: null, freeze: { layers: -3, modules: ["mlp"], extras: ["norm"] } }],
])("keeps %s through LLaMA-Factory's YAML", (_, change) => {
  const spec = TrainSpec.parse({ ...plain, ...change });
  const { values } = read(toLlamaFactoryYaml(spec, inputs(spec)));
  expect(values.method).toBe(spec.method);
  for (const [one, kept] of Object.entries(values))
    if (parameterAt(one) !== null && one !== "training.evalBatchSize") expect(kept, one).toEqual(at(spec, one));
});

describe("a spec as Axolotl's YAML, and back", () => {
  it("keeps what Axolotl has a key for, and names the rest", () => {
    const spec = TrainSpec.parse({
      ...plain,
      training: { ...plain.training, learningRate: 3e-7, optimizer: "adamw_torch", fullDeterminism: true },
    });
    const { yaml, unsaid } = toAxolotl(spec, inputs(spec));
    const { values, lines } = read(yaml);
    for (const [one, kept] of Object.entries(values)) if (parameterAt(one) !== null) expect(kept, one).toEqual(at(spec, one));
    expect(values).toMatchObject({
      modelId: qwen.id,
      "lora.rank": 16,
      "lora.targets": plain.lora?.targets,
      "training.learningRate": 3e-7,
      "training.batchSize": 4,
    });
    expect(lines.filter(({ verdict }) => ["unknown", "invalid", "absent", "refused"].includes(verdict.kind))).toEqual([]);
    expect(unsaid).toEqual(["training.fullDeterminism"]);
  });
});
