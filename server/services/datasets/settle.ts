import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, DatasetReport } from "../../../lib/contract/dataset";
import type { Run } from "../../../lib/contract/run";
import { isEnded } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { datasetDir } from "../../stores/dataset-files";
import { saveDataset } from "./save";

/** The end of a check becomes the status of its data set, now and for what ended while the server was away. Returns the way out. */
export function followChecks(ctx: ServerContext): () => void {
  const settle = (run: Run): void =>
    void settleCheck(ctx, run).catch((error: unknown) => ctx.log.error("dataset.settle_fault", { runId: run.id, error }));
  return ctx.bus.on("run", ({ run }) => settle(run));
}

/** After `recover`: checks whose end nobody has heard. */
export async function settleMissed(ctx: ServerContext): Promise<void> {
  for (const dataset of ctx.datasets.list()) {
    if (dataset.status !== "checking") continue;
    const run = dataset.taskId === null ? null : ctx.runs.find(dataset.taskId);
    // The row was written and its task was not: the person may start it again.
    if (run === null) saveDataset(ctx, { ...dataset, status: "new", taskId: null });
    else await settleCheck(ctx, run);
  }
}

/** May be called again and again: only a data set that still waits for this very run is changed. */
export async function settleCheck(ctx: ServerContext, run: Run): Promise<void> {
  if (run.spec.kind !== "data" || run.spec.task.type !== "check" || !isEnded(run.status)) return;
  const { datasetId } = run.spec;
  const report = run.status === "succeeded" ? await readReport(ctx, run) : null;
  const dataset = ctx.datasets.find(datasetId);
  if (dataset === null || dataset.status !== "checking" || dataset.taskId !== run.id) return;
  saveDataset(ctx, { ...dataset, report, status: statusAfter(run, report) });
}

function statusAfter(run: Run, report: DatasetReport | null): Dataset["status"] {
  if (report !== null) return "ready";
  return run.status === "stopped" ? "new" : "failed";
}

async function readReport(ctx: ServerContext, run: Run): Promise<DatasetReport | null> {
  if (run.spec.kind !== "data") return null;
  try {
    const text = await readFile(join(datasetDir(ctx.env.home, run.spec.datasetId), "report.json"), "utf8");
    return DatasetReport.parse(JSON.parse(text));
  } catch (error) {
    ctx.log.error("dataset.report_unreadable", { runId: run.id, datasetId: run.spec.datasetId, error });
    return null;
  }
}
