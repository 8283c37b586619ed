import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, DatasetReport, type SourceFile } from "../../../../lib/contract/dataset";
import type { Run } from "../../../../lib/contract/run";
import { isEnded } from "../../../../lib/domain/run-status";
import type { ServerContext } from "../../../context";
import { datasetDir, managedPath } from "../../../stores/dataset-files";
import { saveDataset } from "../save";
import { settleBring } from "./settle-bring";

/** The end of a check becomes the status of its data set, now and for what ended while the server was away. Returns the way out. */
export function followChecks(ctx: ServerContext): () => void {
  return ctx.bus.on("run", ({ run }) => settle(ctx, run));
}

function settle(ctx: ServerContext, run: Run): void {
  const told = (error: unknown): void => ctx.log.error("dataset.settle_fault", { runId: run.id, error });
  settleCheck(ctx, run).catch(told);
  settleBring(ctx, run).catch(told);
}

/** After `recover`: checks whose end nobody has heard. */
export async function settleMissed(ctx: ServerContext): Promise<void> {
  for (const dataset of ctx.datasets.list()) {
    if (dataset.status !== "checking") continue;
    const run = dataset.taskId === null ? null : ctx.runs.find(dataset.taskId);
    // The row was written and its task was not: the person may start it again.
    if (run === null) saveDataset(ctx, { ...dataset, status: withoutRows(dataset), taskId: null });
    else {
      await settleCheck(ctx, run);
      await settleBring(ctx, run);
    }
  }
}

/** May be called again and again: only a data set that still waits for this very run is changed. */
export async function settleCheck(ctx: ServerContext, run: Run): Promise<void> {
  if (run.spec.kind !== "data" || !isEnded(run.status)) return;
  const { datasetId, task } = run.spec;
  if (task.type !== "check" && task.type !== "change") return;
  const report = run.status === "succeeded" ? await readReport(ctx, run) : null;
  const made = report !== null && task.type === "change" ? await madeFile(ctx, datasetId) : null;
  const dataset = ctx.datasets.find(datasetId);
  if (dataset === null || dataset.status !== "checking" || dataset.taskId !== run.id) return;
  const files = made === null ? dataset.files : [made];
  saveDataset(ctx, { ...dataset, files, fileName: files[0]?.name ?? dataset.fileName, report, status: statusAfter(run, report, dataset) });
}

function statusAfter(run: Run, report: DatasetReport | null, dataset: Dataset): Dataset["status"] {
  if (report !== null) return "ready";
  return run.status === "stopped" ? withoutRows(dataset) : "failed";
}

/** Nothing came of a check: what was brought in waits for another, what was to be made is not there. */
const withoutRows = ({ files }: Dataset): Dataset["status"] => (files.length === 0 ? "failed" : "new");

/** The file that a change wrote, before its report said that all is whole. */
async function madeFile(ctx: ServerContext, datasetId: Dataset["id"]): Promise<SourceFile> {
  const path = managedPath(ctx.env.home, datasetId, "rows.jsonl");
  const { size: bytes, mtimeMs: modifiedAt } = await stat(path);
  return { name: "rows.jsonl", path, managed: true, kind: "jsonl", compression: null, encoding: "utf-8", bytes, modifiedAt };
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
