import type { Dataset, DatasetMapping, ReasonAction } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { AppError, invalidFields } from "../../errors";
import { newDatasetId, newRunId } from "../../ids";
import { datasetDir, removeDatasetFiles, shareSources } from "../../stores/dataset-files";
import { type DataInput, inputFiles } from "./bring/input-files";
import { saveDataset } from "./save";
import { nextVersion, taskName } from "./versions/next-version";

type How = { mapping: DatasetMapping; actions: Record<string, ReasonAction> };

/** Reads every row with this mapping. A version that is ready never changes: of it comes another. */
export async function checkDataset(ctx: ServerContext, { datasetId, ...how }: How & { datasetId: DatasetId }): Promise<Dataset> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  switch (dataset.status) {
    case "checking":
      throw isChecked(dataset);
    case "ready":
      return checkNextVersion(ctx, dataset, how);
    case "new":
    case "failed":
      return startCheck(ctx, dataset, how);
  }
}

export async function startCheck(ctx: ServerContext, dataset: Dataset, how: How): Promise<Dataset> {
  if (dataset.files.length === 0) throw neverMade(dataset);
  const inputs = await inputFiles(ctx, dataset.files);
  // Somebody may have deleted it, or begun another check, while its files were looked at.
  const { status, taskId } = ctx.datasets.getOrThrow(dataset.id);
  if (status === "checking" && taskId !== dataset.taskId) throw isChecked(dataset);
  return enqueueCheck(ctx, dataset, how, inputs);
}

/** Without a check there is no version: the names that its files were given go again. */
async function checkNextVersion(ctx: ServerContext, { id: parentId, files: shared }: Dataset, how: How): Promise<Dataset> {
  const id = newDatasetId();
  try {
    const files = await shareSources(ctx.env.home, shared, id);
    const inputs = await inputFiles(ctx, files);
    const change = Object.keys(how.actions).length > 0 ? { type: "fix" as const, actions: how.actions } : { type: "remap" as const };
    const next = nextVersion(ctx, ctx.datasets.getOrThrow(parentId), change);
    return enqueueCheck(ctx, { ...next, id, files }, how, inputs);
  } catch (error) {
    if (ctx.datasets.find(id) === null) await removeDatasetFiles(ctx.env.home, id);
    throw error;
  }
}

/** The row says what is under way before the task begins, so that its end always finds somebody who waits for it. */
function enqueueCheck(ctx: ServerContext, dataset: Dataset, { mapping, actions }: How, files: DataInput[]): Dataset {
  const runId = newRunId();
  const checking = saveDataset(ctx, { ...dataset, mapping, status: "checking", taskId: runId, report: null, fault: undefined });
  try {
    ctx.tasks.enqueue({
      runId,
      work: {
        kind: "data",
        job: { kind: "data", name: taskName(dataset.name), datasetId: dataset.id, task: { type: "check", mapping, actions } },
        inputs: { files, rowsPath: null, model: null, outputPath: datasetDir(ctx.env.home, dataset.id) },
      },
      labels: { model: "", data: dataset.name },
    });
  } catch (error) {
    saveDataset(ctx, dataset);
    throw error;
  }
  return checking;
}

const isChecked = ({ name }: Dataset): AppError =>
  new AppError("in_use", `${name} is being checked. Stop the check, or wait for its end.`, {
    params: { name, runs: "check", count: 1, active: 1 },
  });

/** A change that was stopped or failed left no rows behind. */
const neverMade = ({ id, name, version }: Dataset): AppError =>
  invalidFields([
    {
      path: "datasetId",
      message: `Version ${version} of ${name} was never made. Make the change again from an earlier version.`,
      value: id,
    },
  ]);
