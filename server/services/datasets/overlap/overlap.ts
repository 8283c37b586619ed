import type { RunId } from "../../../../lib/contract/ids";
import type { OverlapReport, OverlapSets } from "../../../../lib/contract/overlap";
import type { ReadyDataset } from "../../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../../context";
import { newRunId } from "../../../ids";
import { rowsPath } from "../../../stores/dataset-files";
import { type Compared, comparedSets, overlapDir, readOverlap } from "./overlap-place";

type Input = OverlapSets & { start: boolean };
type Known = { report: OverlapReport | null; taskId: RunId | null };

/** The report where it is known; else the task that compares, which is the same one for whoever asks meanwhile. */
export async function findOverlap(ctx: ServerContext, { start, ...sets }: Input): Promise<Known> {
  const compared = comparedSets(ctx, sets);
  const dir = await overlapDir(ctx, compared);
  const report = await readOverlap(dir);
  if (report !== null) return { report, taskId: null };
  const taskId = findTask(ctx, sets);
  return { report, taskId: taskId === null && start ? startTask(ctx, sets, compared, dir) : taskId };
}

function findTask(ctx: ServerContext, { trainIds, validationIds }: OverlapSets): RunId | null {
  const named = JSON.stringify([trainIds, validationIds]);
  const found = ctx.runs
    .withStatus("queued", "starting", "running")
    .find(
      ({ spec }) =>
        spec.kind === "data" && spec.task.type === "overlap" && JSON.stringify([spec.task.trainIds, spec.task.validationIds]) === named,
    );
  return found?.id ?? null;
}

function startTask(ctx: ServerContext, { trainIds, validationIds }: OverlapSets, { train, validation }: Compared, dir: string): RunId {
  const runId = newRunId();
  const [first] = train;
  if (first === undefined) throw new Error("a comparison without a set");
  ctx.tasks.enqueue({
    runId,
    work: {
      kind: "data",
      job: { kind: "data", name: "overlap", datasetId: first.id, task: { type: "overlap", trainIds, validationIds } },
      inputs: { files: [...train, ...validation].map((set) => asFile(ctx, set)), rowsPath: null, model: null, outputPath: dir },
    },
    labels: { model: "", data: first.name },
  });
  return runId;
}

const asFile = (ctx: ServerContext, { id, name }: ReadyDataset) => ({
  name,
  path: rowsPath(ctx.env.home, id),
  kind: "jsonl" as const,
  encoding: "utf-8",
});
