import { stat } from "node:fs/promises";
import type { Dataset, DatasetMapping, ReasonAction, SourceFile } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { newDatasetId, newRunId } from "../../ids";
import { datasetDir, removeDatasetFiles, shareSources } from "../../stores/dataset-files";
import { refuseNoRoom } from "./room";
import { saveDataset } from "./save";
import { locate } from "./sources/from-path";

type DataInput = { name: string; path: string; kind: SourceFile["kind"]; encoding: string };
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
  const inputs = await checkFiles(ctx, dataset.files);
  // Somebody may have deleted it, or begun another check, while its files were looked at.
  if (ctx.datasets.getOrThrow(dataset.id).status === "checking") throw isChecked(dataset);
  return enqueueCheck(ctx, dataset, how, inputs);
}

/** Without a check there is no version: the names that its files were given go again. */
async function checkNextVersion(ctx: ServerContext, { id: parentId, files: shared }: Dataset, how: How): Promise<Dataset> {
  const id = newDatasetId();
  try {
    const files = await shareSources(ctx.env.home, shared, id);
    const inputs = await checkFiles(ctx, files);
    const next = nextVersion(ctx, ctx.datasets.getOrThrow(parentId), how);
    return enqueueCheck(ctx, { ...next, id, files }, how, inputs);
  } catch (error) {
    if (ctx.datasets.find(id) === null) await removeDatasetFiles(ctx.env.home, id);
    throw error;
  }
}

/** The row says what is under way before the task begins, so that its end always finds somebody who waits for it. */
function enqueueCheck(ctx: ServerContext, dataset: Dataset, { mapping, actions }: How, files: DataInput[]): Dataset {
  const runId = newRunId();
  const checking = saveDataset(ctx, { ...dataset, mapping, status: "checking", taskId: runId, report: null });
  try {
    ctx.tasks.enqueue({
      runId,
      work: {
        kind: "data",
        job: { kind: "data", name: jobName(dataset.name), datasetId: dataset.id, task: { type: "check", mapping, actions } },
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

function nextVersion(ctx: ServerContext, parent: Dataset, { actions }: How): Dataset {
  const versions = ctx.datasets.list().filter(({ familyId }) => familyId === parent.familyId);
  return {
    ...parent,
    version: Math.max(...versions.map(({ version }) => version)) + 1,
    parentId: parent.id,
    change: Object.keys(actions).length > 0 ? { type: "fix", actions } : { type: "remap" },
    status: "new",
    taskId: null,
    report: null,
    createdAt: ctx.clock.now(),
    usedByRuns: 0,
  };
}

async function checkFiles(ctx: ServerContext, files: readonly SourceFile[]): Promise<DataInput[]> {
  const inputs = await Promise.all(files.map((file) => readable(ctx, file)));
  await refuseNoRoom(
    ctx.env.home,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  return inputs;
}

/** A file of the person may have gone, moved behind a link or changed since it was looked at. */
async function readable(ctx: ServerContext, file: SourceFile): Promise<DataInput> {
  const { path } = file;
  // What is kept by us was made UTF-8 when it came, and only UTF-8 is read in place.
  const input = { name: file.name, path, kind: file.kind, encoding: "utf-8" };
  if (file.managed) return input;
  const real = await locate(ctx, path, "datasetId");
  const now = await stat(real);
  if (real === path && now.size === file.bytes && now.mtimeMs === file.modifiedAt) return input;
  const reason = `${path} was changed since it was added. Add it again.`;
  throw new AppError("dataset_not_readable", `${file.name}: ${reason}`, { params: { fileName: file.name, reason } });
}

const isChecked = ({ name }: Dataset): AppError =>
  new AppError("in_use", `${name} is being checked. Stop the check, or wait for its end.`, {
    params: { name, runs: "check", count: 1, active: 1 },
  });

/** Names of runs have neither slashes nor more than 80 characters. */
const jobName = (name: string): string =>
  name
    .replace(/[\p{Cc}/\\]/gu, " ")
    .trim()
    .slice(0, 80) || "data";
