import { describe, expect, it } from "vitest";
import { Dataset } from "@/lib/contract/dataset";
import type { ModelFacts } from "@/lib/contract/model";
import { parameterAt, parameterPaths } from "@/lib/contract/parameters/tables";
import { trainingParameters } from "@/lib/contract/parameters/training";
import { readAddress } from "./address";
import { checkCandidate, fromServerFields } from "./check";
import { controlOf } from "./control-of";
import { choiceOf, readSets } from "./data-draft";
import { planData } from "./data-plan";
import {
  applyPreset,
  type Draft,
  draftFromSpec,
  emptyDraft,
  type FieldPath,
  isChanged,
  parseDraft,
  resetField,
  resolveDraft,
  setField,
} from "./draft";
import { replaceUnknown } from "./names-field";
import { isKnown, planCandidate, rateCurve, stateBytes } from "./plan-figures";

const named = (name: string, head = false) => ({ name, count: 2, parameters: 100, inPlusOut: 40, head });
const facts: ModelFacts = {
  architecture: "LlamaForCausalLM",
  modelType: "llama",
  parameters: 10_000,
  bytes: 40_000,
  dtype: "float32",
  layers: 2,
  hiddenSize: 8,
  vocabSize: 16,
  contextLength: 512,
  tiedEmbeddings: true,
  chatTemplate: true,
  remoteCode: false,
  shards: 1,
  modules: [named("q_proj"), named("k_proj"), named("v_proj"), named("up_proj"), named("lm_head", true)],
  fingerprint: "f",
};
const emptyReport = {
  ...{ format: "alpaca", formatReason: "", fileType: "json", bytes: 1, sha256: "a".repeat(64), columns: [], problemCounts: {} },
  ...{ problems: [], characters: { median: 1, p95: 1, max: 1 }, turns: { mean: 1, max: 1 }, reasons: [], systemRows: 0, toolRows: 0 },
};
const PIP = "ds_000000000001";
const makeSet = (id: string, usableRows: number, name = "pip.json", status: Dataset["status"] = "ready"): Dataset =>
  Dataset.parse({
    ...{ id, name, source: "demo", fileName: name, familyId: id, version: 1, parentId: null, change: { type: "import" }, status },
    ...{ files: [], guesses: [], mapping: null, taskId: null, createdAt: 0, usedByRuns: 0 },
    report: status === "ready" ? { ...emptyReport, rows: usableRows, usableRows } : null,
  });
const sets = [makeSet(PIP, 100), makeSet("ds_000000000002", 40, "ask.json"), makeSet("ds_000000000003", 0, "bad.json", "checking")];
const find = (id: string) => sets.find((set) => set.id === id) ?? null;
const rowsIn = (usableRows: number | null) => (id: string) => (id === PIP ? usableRows : (find(id)?.report?.usableRows ?? null));
const resolve = (draft: Draft, usableRows: number | null = 100) => {
  const names = readSets(draft.values["data.sets"] ?? [choiceOf(PIP)]).map(({ datasetId }) => find(datasetId ?? "")?.name ?? "");
  const chosen = { modelId: "mod_000000000001", modelName: "org/tiny model", datasetId: PIP, dataNames: names, rowsOf: rowsIn(usableRows) };
  return resolveDraft(draft, { facts, proven: null }, chosen);
};
const dataOf = (draft: Draft, usableRows: number | null = 100) => {
  const { candidate } = resolve(draft, usableRows);
  return planData(candidate, candidate["training.seed"], rowsIn(usableRows));
};
const typed = (...changes: [FieldPath, unknown][]) => changes.reduce((draft, [path, value]) => setField(draft, path, value), emptyDraft);
const check = (
  draft: Draft,
  known: { facts: ModelFacts; present: boolean; usableRows: number } = { facts, present: true, usableRows: 100 },
) => {
  const data = dataOf(draft, known.usableRows);
  return checkCandidate(
    resolve(draft).candidate,
    { facts: known.facts, present: known.present, data, find, environment: null, installed: null },
    [],
  );
};

const pair = [choiceOf(PIP), choiceOf("ds_000000000002")];
const weighed = (...weights: number[]) => pair.map((set, at) => ({ ...set, weight: weights[at] ?? 1 }));
const ownSets = (ids: string[]): [FieldPath, unknown][] => [
  ["data.validation.type", "sets"],
  ["data.validation.datasetIds", ids],
];

describe("the draft", () => {
  it("needs no choice at all: what is suggested can be launched", () => {
    const { spec, problems } = check(emptyDraft);
    expect(problems).toEqual([]);
    expect(spec?.name).toBe("tiny-model-pip-r16");
  });

  it("lets suggestions follow the data, but never what was typed", () => {
    const draft = typed(["training.gradientAccumulation", 8]);
    expect(resolve(emptyDraft, 90).candidate["training.gradientAccumulation"]).toBe(1);
    expect(resolve(draft, 90).candidate["training.gradientAccumulation"]).toBe(8);
    expect(resolve(draft, 90_000).candidate["training.gradientAccumulation"]).toBe(8);
  });

  it("lets the checkpoints follow the length of the run as it is typed", () => {
    expect(resolve(typed(["training.maxSteps", 20])).candidate["training.saveEverySteps"]).toBe(5);
    expect(resolve(typed(["training.maxSteps", 20], ["training.saveEverySteps", 7])).candidate["training.saveEverySteps"]).toBe(7);
  });

  it.each([
    ["data.validation.fraction", Number.NaN],
    ["training.epochs", Number.NaN],
    ["training.epochs", Number.POSITIVE_INFINITY],
    ["training.batchSize", Number.NaN],
  ] as const)("suggests numbers of steps while %s is %s", (path, value) => {
    const { suggested } = resolve(typed([path, value]));
    expect(suggested["training.saveEverySteps"]).toBeGreaterThan(0);
    expect(suggested["training.evalEverySteps"]).toBeGreaterThan(0);
  });

  it("marks what differs from the suggestion, and a reset takes the mark away", () => {
    const draft = typed(["lora.rank", 8]);
    expect(isChanged(resolve(draft), "lora.rank")).toBe(true);
    expect(isChanged(resolve(resetField(draft, "lora.rank")), "lora.rank")).toBe(false);
    expect(isChanged(resolve(typed(["lora.rank", 16])), "lora.rank")).toBe(false);
  });

  it("keeps model, data and name when a preset is applied, and nothing else", () => {
    const draft = applyPreset(typed(["modelId", "mod_x"], ["name", "mine"], ["lora.rank", 3]), "full");
    expect(draft.values).toEqual({ modelId: "mod_x", name: "mine" });
    expect(resolve(draft).method).toBe("full");
  });

  it("keeps LoRA settings while full tuning is chosen", () => {
    const draft = typed(["lora.rank", 3], ["method", "full"]);
    expect(check(draft).spec?.lora).toBeNull();
    expect(check(setField(draft, "method", "lora")).spec?.lora?.rank).toBe(3);
  });

  it("is read back from storage without unknown fields, and anything else starts afresh", () => {
    expect(parseDraft(JSON.stringify({ preset: "gone", values: { "lora.rank": 4, evil: 1 } }))).toEqual({
      preset: "balanced",
      values: { "lora.rank": 4 },
    });
    expect(parseDraft("{half")).toBeNull();
    expect(parseDraft(null)).toBeNull();
  });

  it("of before there were mixtures opens with its set and its share", () => {
    const old = JSON.stringify({ preset: "balanced", values: { datasetId: PIP, evalFraction: 0.2, "lora.rank": 4 } });
    const draft = parseDraft(old) ?? emptyDraft;
    expect(check(draft).spec?.data).toEqual({
      sets: [choiceOf(PIP)],
      mix: "concatenate",
      validation: { type: "fraction", fraction: 0.2, stratified: true },
    });
    expect(draft.values["lora.rank"]).toBe(4);
  });

  it("made from a run comes to the run's data again", () => {
    const mixed = check(typed(["data.sets", pair], ["data.mix", "interleave_all"], ["data.validation.type", "rows"])).spec;
    if (mixed === null) throw new Error("this mixture can be launched");
    expect(check(draftFromSpec(mixed)).spec?.data).toEqual(mixed.data);
  });

  it("takes model and data from the address on top of what is stored", () => {
    const draft = readAddress(typed(["lora.rank", 3]), { dataset: "ds_9" }, null);
    expect(draft.values).toEqual({ "lora.rank": 3, "data.sets": [choiceOf("ds_9")] });
    expect(readAddress(draft, { add: "ds_8" }, null).values["data.sets"]).toEqual([choiceOf("ds_9"), choiceOf("ds_8")]);
    expect(readAddress(typed(["lora.rank", 3]), { preset: "quick" }, null)).toEqual({ preset: "quick", values: {} });
  });
});

describe("the check", () => {
  it("puts each problem at its field", () => {
    const { spec, problems } = check(typed(["lora.rank", 0], ["training.learningRate", Number.NaN], ["name", "a/b"]));
    expect(spec).toBeNull();
    expect(problems.map(({ path }) => path).sort()).toEqual(["lora.rank", "name", "training.learningRate"]);
  });

  it("names modules that the model has not got, and those that play their part", () => {
    const { problems } = check(typed(["lora.targets", ["q_proj", "c_attn"]]));
    expect(problems).toEqual([
      {
        kind: "unknownTargets",
        path: "lora.targets",
        unknown: ["c_attn"],
        replacement: ["k_proj", "v_proj"],
        known: ["q_proj", "k_proj", "v_proj", "up_proj", "lm_head"],
      },
    ]);
    expect(replaceUnknown(["q_proj", "c_attn"], ["c_attn"], ["k_proj", "v_proj"])).toEqual(["q_proj", "k_proj", "v_proj"]);
  });

  it("does not ask for module names in full tuning", () => {
    expect(check(typed(["method", "full"], ["lora.targets", []])).problems).toEqual([]);
  });

  it("refuses rows beyond the context, models without a template, and data without rows", () => {
    expect(check(typed(["training.cutoffLength", 4096])).problems.map(({ kind }) => kind)).toEqual(["beyondContext"]);
    const bare = { facts: { ...facts, chatTemplate: false }, present: false, usableRows: 0 };
    expect(check(emptyDraft, bare).problems.map(({ kind }) => kind)).toEqual(["counts", "modelMissing", "noChatTemplate"]);
  });

  it("shows what the server refused at its field until the field is changed", () => {
    const { candidate } = resolve(typed(["name", "taken"]));
    const refused = fromServerFields([{ path: "spec.name", message: "This name is taken." }], candidate);
    const known = { facts, present: true, data: dataOf(emptyDraft), find, environment: null, installed: null };
    expect(checkCandidate(candidate, known, refused).problems).toMatchObject([
      { kind: "server", path: "name", field: { message: "This name is taken." } },
    ]);
    expect(checkCandidate(resolve(typed(["name", "free"])).candidate, known, refused).problems).toEqual([]);
  });

  it("shows what the server refused of a set at that set, until another stands there", () => {
    const draft = typed(["data.sets", pair]);
    const refused = fromServerFields([{ path: "spec.data.sets.1.datasetId", message: "Not now." }], resolve(draft).candidate);
    const problemsOf = (sets: unknown) => {
      const changed = setField(draft, "data.sets", sets);
      return checkCandidate(
        resolve(changed).candidate,
        { facts, present: true, data: dataOf(changed), find, environment: null, installed: null },
        refused,
      ).problems;
    };
    expect(problemsOf(weighed(5, 1))).toMatchObject([{ kind: "server", path: "data.sets.1.datasetId" }]);
    expect(problemsOf([choiceOf(PIP)])).toEqual([]);
  });
});

describe("a mixture", () => {
  it.each<[string, [FieldPath, unknown][], string, string]>([
    ["a set used twice", [["data.sets", [choiceOf(PIP), choiceOf(PIP)]]], "data.sets.1.datasetId", "setTwice"],
    ["a set that is gone", [["data.sets", [choiceOf("ds_gone00000000")]]], "data.sets.0.datasetId", "setGone"],
    ["a set that is not checked", [["data.sets", [choiceOf(PIP), choiceOf("ds_000000000003")]]], "data.sets.1.datasetId", "notChecked"],
    ["a set trained and measured", ownSets([PIP]), "data.validation.datasetIds", "alsoTrained"],
    ["a set measured twice", ownSets(["ds_000000000002", "ds_000000000002"]), "data.validation.datasetIds", "validationTwice"],
    [
      "validation that takes all rows",
      [
        ["data.validation.type", "rows"],
        ["data.validation.rows", 100],
      ],
      "data.validation.rows",
      "tooManyHeldOut",
    ],
    [
      "a weight too small for one row",
      [
        ["data.sets", weighed(1, 0.001)],
        ["data.mix", "interleave_first"],
      ],
      "data.sets.1.weight",
      "noRowByWeight",
    ],
    ["a cap of 0", [["data.sets", [{ ...choiceOf(PIP), maxRows: 0 }]]], "data.sets.0.maxRows", "schema"],
    [
      "a weight that is no number",
      [
        ["data.sets", weighed(1, Number.NaN)],
        ["data.mix", "interleave_all"],
      ],
      "data.sets.1.weight",
      "schema",
    ],
    ["no set for validation", ownSets([]), "data.validation.datasetIds", "schema"],
    ["a share above one half", [["data.validation.fraction", 0.7]], "data.validation.fraction", "schema"],
  ])("names %s at its field, and nothing else", (_name, changes, path, code) => {
    const { spec, problems } = check(typed(...changes));
    expect(spec).toBeNull();
    expect(problems.map((problem) => [problem.path, "code" in problem ? problem.code : problem.kind])).toEqual([[path, code]]);
  });

  it("does not ask for what is not looked at: weights of sets behind each other, sets for validation while a share is held out", () => {
    expect(check(typed(["data.sets", weighed(2, Number.NaN)])).problems).toEqual([]);
    expect(check(typed(["data.validation.datasetIds", [PIP]])).problems).toEqual([]);
  });

  it("takes a share of 0 for none", () => {
    expect(check(typed(["data.validation.fraction", 0])).spec?.data.validation).toEqual({ type: "none" });
  });

  it("keeps its sets when a preset is applied", () => {
    const draft = applyPreset(typed(["data.sets", pair], ["data.mix", "interleave_all"], ["data.validation.fraction", 0.3]), "quick");
    expect(draft.values).toEqual({ "data.sets": pair, "data.mix": "interleave_all" });
  });

  it("counts what each set gives as it is typed, and says so when a figure can't be counted with", () => {
    const mixed = typed(["data.sets", weighed(1, 1)], ["data.mix", "interleave_all"], ["data.validation.type", "none"]);
    expect(dataOf(mixed).counts).toMatchObject({
      trainRows: 200,
      sets: [
        { train: 100, repeated: 0 },
        { train: 100, repeated: 60 },
      ],
    });
    expect(dataOf(setField(mixed, "data.sets", weighed(1, Number.NaN))).wrong).toBe(true);
    expect(resolve(typed(["data.sets", pair])).suggested.name).toBe("tiny-model-pip+1-r16");
  });
});

describe("the plan", () => {
  const plan = (draft: Draft, rows: number | null = 100) => {
    const { candidate, suggested } = resolve(draft, rows);
    return planCandidate(candidate, suggested, dataOf(draft, rows), facts);
  };

  it("follows what is typed", () => {
    const draft = typed(
      ["training.epochs", 2],
      ["training.batchSize", 5],
      ["training.gradientAccumulation", 2],
      ["data.validation.fraction", 0.1],
    );
    expect(plan(draft)?.plan).toMatchObject({ trainRows: 90, evalRows: 10, stepsPerEpoch: 9, totalSteps: 18, effectiveBatch: 10 });
    expect(plan(setField(draft, "lora.rank", 4))?.plan.trainableParameters).toBe(4 * 40 * 4);
  });

  it("gives no number for the lines that rest on a wrong field, and keeps the others", () => {
    const partial = plan(typed(["training.batchSize", 0]));
    expect(partial && isKnown("steps", partial.wrong)).toBe(false);
    expect(partial && isKnown("trainable", partial.wrong)).toBe(true);
  });

  it("is not there for a set without rows; of one whose rows are not known it tells only what rests on the model", () => {
    expect(plan(emptyDraft, 0)).toBeNull();
    const partial = plan(emptyDraft, null);
    expect(partial && [isKnown("rows", partial.wrong), isKnown("steps", partial.wrong), isKnown("trainable", partial.wrong)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("draws the rate from the first step to the last, with its peak", () => {
    const partial = plan(typed(["training.maxSteps", 1000], ["training.warmupRatio", 0.1], ["training.learningRate", 1e-3]));
    const curve = partial ? rateCurve(partial.planned, partial.plan) : [];
    expect(curve[0]).toEqual({ x: 0, y: 0 });
    expect(curve.find(({ x }) => x === 100)?.y).toBe(1e-3);
    expect(curve.at(-1)?.x).toBe(1000);
    expect(curve.length).toBeLessThan(110);
  });

  it("counts 16 bytes a parameter for full tuning, and the frozen base once for LoRA", () => {
    const full = plan(typed(["method", "full"]));
    const lora = plan(typed(["lora.rank", 1]));
    expect(full && stateBytes(full.plan, full.planned, 2, facts)?.total).toBe(16 * 10_000);
    expect(lora && stateBytes(lora.plan, lora.planned, 2, facts)?.total).toBe(2 * 10_000 + 16 * 160);
  });
});

describe("the form", () => {
  it("finds a control for every parameter of the table", () => {
    for (const path of parameterPaths) {
      const parameter = parameterAt(path);
      expect(parameter && controlOf(parameter.schema, parameter.default).kind).toBeTruthy();
    }
    expect(controlOf(trainingParameters.maxSteps.schema, null)).toMatchObject({ kind: "number", allowEmpty: true, step: 1 });
    expect(controlOf(trainingParameters.learningRate.schema, 2e-4)).toMatchObject({ kind: "number", allowEmpty: false, step: 1e-4 });
  });
});
