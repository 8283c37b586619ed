import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunId } from "../../../../lib/contract/ids";
import { LengthReport, type LengthSettings } from "../../../../lib/contract/inspect";
import type { Model } from "../../../../lib/contract/model";
import type { ReadyDataset } from "../../../../lib/domain/ready-dataset";
import { isReady } from "../../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../../context";
import { invalidFields } from "../../../errors";
import { newRunId } from "../../../ids";
import { toModelInput } from "../../../models/model-input";
import { datasetDir, rowsPath } from "../../../stores/dataset-files";
import { lengthsKey } from "./lengths-key";
import { localTokenizer } from "./tokenizer";

type Measured = { report: LengthReport | null; taskId: RunId | null };

/** The report where it is known; else the task that counts, which is the same one for whoever asks meanwhile. */
export async function measureLengths(ctx: ServerContext, { datasetId, modelId }: LengthSettings): Promise<Measured> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  if (!isReady(dataset)) {
    const message = `The rows of ${dataset.name} were not all checked yet (${dataset.status}).`;
    throw invalidFields([{ path: "datasetId", message, value: datasetId }]);
  }
  localTokenizer(ctx, modelId, "modelId");
  const model = ctx.models.getOrThrow(modelId);
  const file = await reportFile(ctx, dataset, model);
  const report = await readReport(file);
  if (report !== null) return { report, taskId: null };
  return { report: null, taskId: findTask(ctx, { datasetId, modelId }) ?? startTask(ctx, dataset, model, file) };
}

/** What was counted before, if anybody has; starts nothing. */
export async function knownLengths(ctx: ServerContext, dataset: ReadyDataset, model: Model): Promise<LengthReport | null> {
  return model.path === null ? null : readReport(await reportFile(ctx, dataset, model));
}

async function reportFile(ctx: ServerContext, dataset: ReadyDataset, model: Model): Promise<string> {
  const key = await lengthsKey(ctx, dataset.report.sha256, model.path ?? "");
  return join(datasetDir(ctx.env.home, dataset.id), "lengths", `${key}.json`);
}

async function readReport(file: string): Promise<LengthReport | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  // The worker gives the file its name when all of it is written.
  return text === null ? null : LengthReport.parse(JSON.parse(text));
}

function findTask(ctx: ServerContext, { datasetId, modelId }: LengthSettings): RunId | null {
  const found = ctx.runs
    .withStatus("queued", "starting", "running")
    .find(
      ({ spec }) => spec.kind === "data" && spec.task.type === "measure" && spec.datasetId === datasetId && spec.task.modelId === modelId,
    );
  return found?.id ?? null;
}

function startTask(ctx: ServerContext, dataset: ReadyDataset, model: Model, file: string): RunId {
  const runId = newRunId();
  ctx.tasks.enqueue({
    runId,
    work: {
      kind: "data",
      job: { kind: "data", name: "lengths", datasetId: dataset.id, task: { type: "measure", modelId: model.id } },
      inputs: {
        files: [],
        rowsPath: rowsPath(ctx.env.home, dataset.id),
        model: toModelInput(model),
        outputPath: file.replace(/\.json$/, ""),
      },
    },
    labels: { model: model.name, data: dataset.name },
  });
  return runId;
}
