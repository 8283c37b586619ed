import { stat } from "node:fs/promises";
import type { Dataset, DatasetMapping, ReasonAction, SourceFile } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { newDatasetId, newRunId } from "../../ids";
import { datasetDir, shareSources } from "../../stores/dataset-files";
import { refuseNoRoom } from "./room";
import { saveDataset } from "./save";
import { locate } from "./sources/from-path";

type How = { mapping: DatasetMapping; actions: Record<string, ReasonAction> };

/** Reads every row with this mapping. A version that is ready never changes: of it comes another. */
export async function checkDataset(ctx: ServerContext, { datasetId, ...how }: How & { datasetId: DatasetId }): Promise<Dataset> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  switch (dataset.status) {
    case "checking":
      throw new AppError("in_use", `${dataset.name} is being checked. Stop the check, or wait for its end.`, {
        params: { name: dataset.name, runs: "check", count: 1, active: 1 },
      });
    case "ready":
      return startCheck(ctx, await nextVersion(ctx, dataset, how), how);
    case "new":
    case "failed":
      return startCheck(ctx, dataset, how);
  }
}

/** The row says what is under way before the task begins, so that its end always finds somebody who waits for it. */
export async function startCheck(ctx: ServerContext, dataset: Dataset, { mapping, actions }: How): Promise<Dataset> {
  const files = await Promise.all(dataset.files.map((file) => readable(ctx, file)));
  await refuseNoRoom(
    ctx.env.home,
    dataset.files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
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

async function nextVersion(ctx: ServerContext, parent: Dataset, { actions }: How): Promise<Dataset> {
  const id = newDatasetId();
  const versions = ctx.datasets.list().filter(({ familyId }) => familyId === parent.familyId);
  return {
    ...parent,
    id,
    version: Math.max(...versions.map(({ version }) => version)) + 1,
    parentId: parent.id,
    change: Object.keys(actions).length > 0 ? { type: "fix", actions } : { type: "remap" },
    status: "new",
    files: await shareSources(ctx.env.home, parent.files, id),
    taskId: null,
    report: null,
    createdAt: ctx.clock.now(),
    usedByRuns: 0,
  };
}

/** A file of the person may have gone, moved behind a link or changed since it was looked at. */
async function readable(
  ctx: ServerContext,
  file: SourceFile,
): Promise<{ name: string; path: string; kind: SourceFile["kind"]; encoding: string }> {
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

/** Names of runs have neither slashes nor more than 80 characters. */
const jobName = (name: string): string =>
  name
    .replace(/[\p{Cc}/\\]/gu, " ")
    .trim()
    .slice(0, 80) || "data";
