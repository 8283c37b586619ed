import type { Dataset, ReasonAction, RowsChange } from "../../../../lib/contract/dataset";
import type { DatasetId } from "../../../../lib/contract/ids";
import { isReady, type ReadyDataset } from "../../../../lib/domain/ready-dataset";
import { pairProblems } from "../../../../lib/domain/replace-problems";
import type { ServerContext } from "../../../context";
import { invalidFields } from "../../../errors";
import { newDatasetId, newRunId } from "../../../ids";
import { datasetDir, removeDatasetFiles, rowsPath } from "../../../stores/dataset-files";
import { type DataInput, inputFiles } from "../bring/input-files";
import { saveDataset } from "../save";
import { bringLeftOut } from "./leave-out";
import { nextVersion, taskName } from "./next-version";

/** Text replaced, rows drawn or left out: a version of its own, with a file of its own. The one that it comes from is only read. */
export async function changeDataset(ctx: ServerContext, input: { datasetId: DatasetId; change: RowsChange }): Promise<Dataset> {
  const { change } = input;
  const asked = readyFor(ctx, input.datasetId);
  refuseUseless(change, asked);
  const files = await inputFiles(ctx, asked.files);
  const id = newDatasetId();
  if (change.type === "leave_out") await bringLeftOut(ctx, asked.id, change, datasetDir(ctx.env.home, id));
  try {
    // It may have been deleted while its files were looked at.
    return enqueueChange(ctx, readyFor(ctx, input.datasetId), { id, change, files });
  } catch (error) {
    if (ctx.datasets.find(id) === null) await removeDatasetFiles(ctx.env.home, id);
    throw error;
  }
}

type Changeable = ReadyDataset & { mapping: NonNullable<Dataset["mapping"]> };

export function readyFor(ctx: ServerContext, id: DatasetId): Changeable {
  const dataset = ctx.datasets.getOrThrow(id);
  if (isReady(dataset) && dataset.mapping !== null) return { ...dataset, mapping: dataset.mapping };
  const message = `The rows of ${dataset.name} were not all checked yet (${dataset.status}). Check them first.`;
  throw invalidFields([{ path: "datasetId", message, value: id }]);
}

export function refuseUseless(change: RowsChange, { report }: ReadyDataset): void {
  if (change.type === "leave_out") return; // What was found is looked at when it is brought.
  if (change.type === "sample") {
    if (change.rows <= report.usableRows) return;
    const message = `Only ${report.usableRows} rows can be trained, so at most as many can be drawn.`;
    throw invalidFields([{ path: "change.rows", message, code: "tooBig", params: { max: report.usableRows }, value: change.rows }]);
  }
  const problems = pairProblems(change).map(({ pair, field, code }) => ({
    path: `change.pairs.${pair}.${field}`,
    message: sentences[code],
    value: change.pairs[pair]?.[field],
  }));
  if (problems.length > 0) throw invalidFields(problems);
}

const sentences = {
  empty: "Write the text to look for.",
  twice: "This text is looked for by an earlier pair already. Take one of them away.",
  same: "This puts in what is taken out. Write another text, or take the pair away.",
};

type Wish = { id: DatasetId; change: RowsChange; files: DataInput[] };

function enqueueChange(ctx: ServerContext, parent: Changeable, { id, change, files }: Wish): Dataset {
  const runId = newRunId();
  const draft = { ...nextVersion(ctx, parent, change), id, source: "derived" as const, files: [] };
  const made = saveDataset(ctx, { ...draft, status: "checking", taskId: runId });
  try {
    ctx.tasks.enqueue({
      runId,
      work: {
        kind: "data",
        job: {
          kind: "data",
          name: taskName(parent.name),
          datasetId: id,
          task: { type: "change", fromId: parent.id, change, mapping: parent.mapping, actions: actionsOf(parent) },
        },
        inputs: { files, rowsPath: rowsPath(ctx.env.home, parent.id), model: null, outputPath: datasetDir(ctx.env.home, id) },
      },
      labels: { model: "", data: parent.name },
    });
  } catch (error) {
    ctx.datasets.remove(id);
    ctx.bus.emit("datasetRemoved", { datasetId: id });
    throw error;
  }
  return made;
}

/** What was left out or mended in the parent is so in its child. */
const actionsOf = ({ report }: ReadyDataset): Record<string, ReasonAction> =>
  Object.fromEntries(report.reasons.map(({ reason, action }) => [reason, action]));
