import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FieldProblem } from "../../../lib/contract/errors";
import type { DatasetId } from "../../../lib/contract/ids";
import type { TrainSpec } from "../../../lib/contract/job-spec";
import type { ModelFacts } from "../../../lib/contract/model";
import { loraParameters } from "../../../lib/contract/parameters/lora";
import { defaultsOf } from "../../../lib/contract/parameters/parameter";
import type { Run } from "../../../lib/contract/run";
import type { TrainData } from "../../../lib/contract/train-data";
import type { LoraSettings } from "../../../lib/contract/train-spec";
import { isReady } from "../../../lib/domain/ready-dataset";
import { oneSet } from "../../../lib/domain/train-data";
import { compose } from "../../compose";
import { newDatasetId, newModelId, newRunId } from "../../ids";
import { silentLog } from "../../log";
import { makeRun, makeTrainSpec, rehearsalWork, untilEnded, untilStep } from "../../testing/make-run";
import { makeHome, makeServer, type TestServer, testEnv } from "../../testing/make-server";
import { deleteRun } from "./remove";

let server: TestServer;
let spec: TrainSpec;
beforeEach(async () => {
  server = await makeServer({ abortSeconds: 1, graceSeconds: 1 });
  spec = makeTrainSpec({ name: "steps=20 save=5", modelId: addModel(), data: oneSet(addDataset(), 0) });
});
afterEach(() => server.remove());

const create = (change: Partial<TrainSpec> = {}, requestId?: string) =>
  server.fetch("/api/runs", { json: { spec: { ...spec, ...change }, ...(requestId && { requestId }) } });
const created = async (change: Partial<TrainSpec> = {}): Promise<Run> => (await create(change)).json();
const errorOf = async (answer: Response) => ({ status: answer.status, ...(await answer.json()).error });
const post = (path: string, json: object = {}) => server.fetch(path, { json });
const drop = (path: string) => server.fetch(path, { method: "DELETE" });

const loraWith = (change: Partial<LoraSettings>): LoraSettings => ({ ...defaultsOf(loraParameters, "lora"), ...change });

describe("a new run", () => {
  test("starts, and is one run however often the same request comes", async () => {
    const answers = await Promise.all([create({}, "request-1"), create({}, "request-1")]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const [a, b]: Run[] = await Promise.all(answers.map((answer) => answer.json()));
    expect(a?.id).toBe(b?.id);
    expect(a).toMatchObject({ labels: { model: "small", data: "lessons" } });
    // The second of the two may be answered when the first has left the queue.
    expect(["queued", "starting"]).toContain(a?.status);
    expect((await (await server.fetch("/api/runs")).json()).runs).toHaveLength(1);
  });

  test("is refused when a target is no module of the model, with the modules that there are", async () => {
    const error = await errorOf(await create({ lora: loraWith({ targets: ["q_proj", "c_attn"] }) }));
    expect(error).toMatchObject({ status: 422, code: "invalid_field", fields: [{ path: "spec.lora.targets", value: ["c_attn"] }] });
    expect(error.fields[0].message).toContain("q_proj, v_proj");
  });

  test("is refused when the cutoff is beyond what the model reads, or the data have no usable row: both are told at once", async () => {
    const datasetId = addDataset({ usableRows: 0 });
    const error = await errorOf(await create({ data: oneSet(datasetId, 0), training: { ...spec.training, cutoffLength: 4096 } }));
    expect(error.fields.map(({ path }: { path: string }) => path)).toEqual(["spec.training.cutoffLength", "spec.data.sets.0.datasetId"]);
  });

  test("takes several sets with their caps, and hands them to the worker in their order", async () => {
    const [a, b, judge] = [addDataset({ usableRows: 40 }), addDataset({ usableRows: 8 }), addDataset({ usableRows: 5 })];
    const data: TrainData = {
      sets: [
        { datasetId: a, weight: 1, maxRows: 10 },
        { datasetId: b, weight: 3, maxRows: null },
      ],
      mix: "interleave_all",
      validation: { type: "sets", datasetIds: [judge] },
    };
    const run = await created({ data });
    expect(run).toMatchObject({ labels: { data: "lessons", otherData: ["lessons"] }, spec: { data } });
    const spec = server.ctx.runDirs.spec(run.id, 1);
    expect(spec).toMatchObject({ inputs: { datasets: [{ usableRows: 40 }, { usableRows: 8 }], validation: [{ usableRows: 5 }] } });
    for (const id of [a, b, judge]) expect(server.ctx.runs.countUsing("datasetId", id)).toBe(1);
    const refused = await server.fetch(`/api/datasets/${judge}`, { method: "DELETE" });
    expect(await errorOf(refused)).toMatchObject({ code: "in_use", params: { runs: run.name } });
  });

  test("is refused at the exact field of a mixture that can't be trained", async () => {
    const [a, b, empty] = [addDataset(), addDataset({ usableRows: 3 }), addDataset({ usableRows: 0 })];
    const unchecked = addDataset();
    server.ctx.datasets.update({ ...server.ctx.datasets.getOrThrow(unchecked), status: "checking", report: null });
    const set = (datasetId: DatasetId, weight = 1, maxRows: number | null = null) => ({ datasetId, weight, maxRows });
    const refusal = async (data: TrainData) =>
      (await errorOf(await create({ data }))).fields.map(({ path, code }: FieldProblem) => `${path} ${code}`);
    const none = { type: "none" } as const;
    expect(await refusal({ sets: [set(a), set(empty)], mix: "concatenate", validation: none })).toEqual([
      "spec.data.sets.1.datasetId noUsableRow",
    ]);
    expect(await refusal({ sets: [set(a), set(unchecked)], mix: "concatenate", validation: none })).toEqual([
      "spec.data.sets.1.datasetId notChecked",
    ]);
    expect(await refusal({ sets: [set(a)], mix: "concatenate", validation: { type: "sets", datasetIds: [b, empty] } })).toEqual([
      "spec.data.validation.datasetIds.1 noUsableRow",
    ]);
    const all = { type: "rows", rows: 3, stratified: true } as const;
    expect(await refusal({ sets: [set(b)], mix: "concatenate", validation: all })).toEqual(["spec.data.validation.rows tooManyHeldOut"]);
    expect(await refusal({ sets: [set(a, 1000), set(b, 0.01)], mix: "interleave_first", validation: none })).toEqual([
      "spec.data.sets.1.weight noRowByWeight",
    ]);
    expect(await refusal({ sets: [set(a), set(a)], mix: "concatenate", validation: none })).toEqual([
      "spec.data.sets.1.datasetId notAllowed",
    ]);
    expect(await refusal({ sets: [set(a, 1, 0)], mix: "concatenate", validation: none })).toEqual(["spec.data.sets.0.maxRows tooSmall"]);
    expect(server.ctx.runs.list({ kind: "train", limit: 10 })).toEqual([]);
  });

  test.each([
    ["has left its folder", "path_missing", {}, "/nowhere"],
    ["has no chat template", "model_has_no_chat_template", { chatTemplate: false }, undefined],
    ["brings code of its own without consent", "model_needs_remote_code", { remoteCode: true }, undefined],
  ] as const)("is refused when its model %s", async (_what, code, facts, path) => {
    expect(await errorOf(await create({ modelId: addModel(facts, path) }))).toMatchObject({ status: 422, code });
    expect(server.ctx.runs.list({ kind: "train", limit: 10 })).toEqual([]);
  });

  test("is refused when its checkpoints would not fit on the disk", async () => {
    const modelId = addModel({ modules: [{ name: "q_proj", count: 1, parameters: 1e15, inPlusOut: 1e15, head: false }] });
    const error = await errorOf(await create({ modelId, lora: loraWith({ rank: 1, alpha: 1, targets: ["q_proj"] }) }));
    expect(error).toMatchObject({ status: 507, code: "disk_full" });
  });
});

describe("an ended run", () => {
  test("goes on from a complete checkpoint only", async () => {
    const run = await untilEnded(server, (await created({ name: "steps=20 save=5 end=vanish" })).id);
    const { checkpoints } = server.ctx.runDirs.paths(run.id);
    writeFileSync(join(checkpoints, "checkpoint-5", "COMPLETE.json"), "{}");
    rmSync(join(checkpoints, "checkpoint-10", "COMPLETE.json"));
    expect(await errorOf(await post(`/api/runs/${run.id}/resume`, { checkpoint: "checkpoint-10" }))).toMatchObject({
      status: 409,
      code: "cannot_resume",
    });
    expect(await errorOf(await post(`/api/runs/${run.id}/resume`, { checkpoint: "checkpoint-7" }))).toMatchObject({
      status: 404,
      code: "checkpoint_not_found",
    });
    const dataset = server.ctx.datasets.list()[0];
    if (!dataset || !isReady(dataset)) throw new Error("the set of this run is gone");
    server.ctx.datasets.update({ ...dataset, report: { ...dataset.report, sha256: "1".repeat(64) } });
    expect(await errorOf(await post(`/api/runs/${run.id}/resume`, { checkpoint: "checkpoint-5" }))).toMatchObject({
      fields: [{ path: "spec.data.sets.0.datasetId", code: "changedSince" }],
    });
    server.ctx.datasets.update(dataset);
    const answer = await post(`/api/runs/${run.id}/resume`, { checkpoint: "checkpoint-5" });
    expect(answer.status).toBe(202);
    expect(await untilEnded(server, run.id)).toMatchObject({ attempt: 2, step: 20 });
  });

  test("that succeeded does not go on", async () => {
    const run = await untilEnded(server, (await created()).id);
    expect(await errorOf(await post(`/api/runs/${run.id}/resume`, { checkpoint: "checkpoint-20" }))).toMatchObject({
      code: "cannot_resume",
    });
  });

  test("gives its bytes back when it is deleted, and one checkpoint can go alone", async () => {
    const run = await untilEnded(server, (await created()).id);
    const left: Run = await (await drop(`/api/runs/${run.id}/checkpoints/checkpoint-5`)).json();
    expect(left.checkpoints.map(({ name }) => name)).toEqual(["checkpoint-10", "checkpoint-15", "checkpoint-20"]);
    expect(existsSync(join(server.ctx.runDirs.paths(run.id).checkpoints, "checkpoint-5"))).toBe(false);
    const { freedBytes } = await (await drop(`/api/runs/${run.id}`)).json();
    expect(freedBytes).toBeGreaterThan(1000);
    expect(existsSync(server.ctx.runDirs.paths(run.id).dir)).toBe(false);
    expect((await server.fetch(`/api/runs/${run.id}`)).status).toBe(404);
  });
});

describe("a living run", () => {
  test("is not deleted, saves when asked, and stops with its checkpoint", async () => {
    const { id } = await created({ name: "steps=100000 delay=0.01" });
    await untilStep(server, id, 3);
    expect(await errorOf(await drop(`/api/runs/${id}`))).toMatchObject({ status: 409, code: "run_still_active" });
    expect((await post(`/api/runs/${id}/save`)).status).toBe(202);
    await server.ctx.tasks.waitFor(id, (run) => run.checkpoints.some(({ reason }) => reason === "requested"), 10_000);
    expect((await post(`/api/runs/${id}/stop`, { save: true })).status).toBe(202);
    expect((await untilEnded(server, id)).checkpoints.map(({ reason }) => reason)).toEqual(["requested", "stop"]);
    expect(await errorOf(await post(`/api/runs/${id}/stop`, { save: true }))).toMatchObject({ status: 409, code: "run_not_active" });
  });

  test("keeps the checkpoint that a waiting resume goes on from", async () => {
    const busy = makeRun(server, "steps=1000 delay=0.05");
    const { id } = makeRun(server, "steps=20 save=5");
    server.ctx.runs.move(id, ["queued"], "failed", (run) => ({
      ...run,
      checkpoints: [{ name: "checkpoint-5", step: 5, bytes: 4, createdAt: 0, reason: "cadence", loss: null, evalLoss: null }],
    }));
    server.ctx.tasks.again(id, rehearsalWork("steps=20", "/checkpoint-5"));
    expect(await errorOf(await drop(`/api/runs/${id}/checkpoints/checkpoint-5`))).toMatchObject({ code: "run_still_active" });
    for (const run of [id, busy.id]) server.ctx.tasks.stop(run, "abort");
    await untilEnded(server, busy.id);
  });

  test("is renamed without losing what its worker says meanwhile", async () => {
    const { id } = await created({ name: "steps=200 delay=0.005" });
    await untilStep(server, id, 5);
    const answer = await server.fetch(`/api/runs/${id}`, {
      method: "PATCH",
      body: JSON.stringify({ name: " New " }),
      headers: { "content-type": "application/json" },
    });
    expect(await answer.json()).toMatchObject({ name: "New" });
    expect(await untilEnded(server, id)).toMatchObject({ name: "New", step: 200 });
  });
});

function addModel(change: Partial<ModelFacts> = {}, path = join(server.home, "model")) {
  const id = newModelId();
  if (path.startsWith(server.home)) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "config.json"), "{}");
  }
  const module = (name: string) => ({ name, count: 1, parameters: 100, inPlusOut: 20, head: false });
  const names = ["q_proj", "v_proj", "k_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
  const facts: ModelFacts = {
    architecture: "LlamaForCausalLM",
    modelType: "llama",
    parameters: 1000,
    bytes: 4000,
    dtype: "float32",
    layers: 1,
    hiddenSize: 10,
    vocabSize: 10,
    contextLength: 2048,
    tiedEmbeddings: true,
    chatTemplate: true,
    remoteCode: false,
    shards: 1,
    modules: names.map(module),
    fingerprint: "f",
    ...change,
  };
  server.ctx.models.insert({
    id,
    name: "small",
    source: { type: "folder", path },
    path,
    present: true,
    facts,
    trustRemoteCode: false,
    createdAt: 1,
    usedByRuns: 0,
  });
  return id;
}

function addDataset({ usableRows = 50 } = {}) {
  const id = newDatasetId();
  const report = {
    format: "alpaca",
    formatReason: "",
    fileType: "json",
    rows: 50,
    usableRows,
    bytes: 1,
    sha256: "0".repeat(64),
    columns: [],
    reasons: [],
    problemCounts: {},
    problems: [],
    characters: { median: 1, p95: 1, max: 1 },
    turns: { mean: 1, max: 1 },
    systemRows: 0,
    toolRows: 0,
  } as const;
  server.ctx.datasets.insert({
    id,
    name: "lessons",
    source: "upload",
    fileName: "a.json",
    familyId: id,
    version: 1,
    parentId: null,
    change: { type: "import" },
    status: "ready",
    files: [],
    guesses: [],
    mapping: null,
    taskId: null,
    report: { ...report, columns: [], problems: [], reasons: [] },
    createdAt: 1,
    usedByRuns: 0,
  });
  return id;
}

test("what an export reads is not deleted under it, while it is being stopped neither; nor is the export itself", async () => {
  const home = makeHome();
  const ctx = compose(testEnv(home), silentLog, { launcher: { start: async () => {} } });
  const trained = makeRun({ ctx }, "trained");
  ctx.runs.move(trained.id, ["queued", "starting"], "stopped");
  const job = { kind: "export" as const, name: "out", runId: trained.id, checkpoint: "checkpoint-5", form: "merged" as const };
  const model = { label: "demo", path: "/tmp", repo: null, revision: null, adapterPath: null, trustRemoteCode: false };
  const reader = ctx.tasks.enqueue({
    runId: newRunId(),
    work: { kind: "export", job: { ...job, dtype: "auto", maxShardBytes: 1e9 }, inputs: { model, outputPath: join(home, "out") } },
    labels: { model: "demo", data: null },
  });
  await ctx.tasks.waitFor(reader.id, (run) => run.status === "starting", 10_000);
  await expect(deleteRun(ctx, { runId: trained.id })).rejects.toMatchObject({ code: "in_use" });
  expect(ctx.tasks.stop(reader.id, "stop").status).toBe("stopping");
  await expect(deleteRun(ctx, { runId: trained.id })).rejects.toMatchObject({ code: "in_use" });
  await expect(deleteRun(ctx, { runId: reader.id })).rejects.toMatchObject({ code: "run_still_active" });
  expect(existsSync(ctx.runDirs.paths(trained.id).dir)).toBe(true);
  await ctx.tasks.close();
  ctx.db.close();
  rmSync(home, { recursive: true, force: true });
});
