import type { DataSpec } from "../lib/contract/job-spec";
import type { Run } from "../lib/contract/run";
import { isActive, isEnded } from "../lib/domain/run-status";
import { datasetIdsOf } from "../lib/domain/train-data";
import type { ServerContext } from "./context";
import { AppError } from "./errors";

type Used = { field: "modelId" | "datasetId"; id: string; name: string; force: boolean };

/** A run that waits or works needs what it names. An ended run only shows it: then the person may insist. */
export function refuseWhileUsed(ctx: ServerContext, { field, id, name, force }: Used): void {
  const runs = [...ctx.runs.list({ kind: "train", limit: 100_000 }), ...liveChats(ctx)].filter((run) => names(ctx, run, field, id));
  const needed = runs.filter((run) => !isEnded(run.status));
  if (needed.length > 0) throw inUse(name, needed, "Stop them first, or wait for their end.");
  if (runs.length > 0 && !force)
    throw inUse(name, runs, "They have ended and keep their results; delete with force to take it away all the same.");
}

const liveChats = (ctx: ServerContext): Run[] =>
  ctx.runs.withStatus("queued", "starting", "running", "stopping").filter((run) => run.spec.kind !== "train");

/** A chat or an export of a checkpoint reads the model that the run was trained from. */
function names(ctx: ServerContext, run: Run, field: Used["field"], id: string): boolean {
  const { spec } = run;
  switch (spec.kind) {
    case "train":
      return field === "modelId" ? spec.modelId === id : datasetIdsOf(spec.data).some((known) => known === id);
    case "data":
      return (
        (field === "datasetId" && (spec.datasetId === id || readsToo(spec).some((read) => read === id))) ||
        (field === "modelId" && spec.task.type === "measure" && spec.task.modelId === id)
      );
    case "export":
      return field === "modelId" && usedModel(ctx, spec.runId) === id;
    case "chat":
      return field === "modelId" && (spec.target.type === "model" ? spec.target.modelId : usedModel(ctx, spec.target.runId)) === id;
  }
}

/** The other sets that a task reads. */
function readsToo({ task }: DataSpec): string[] {
  switch (task.type) {
    case "change":
      return [task.fromId];
    case "compare":
      return [task.beforeId];
    case "overlap":
      return [...task.trainIds, ...task.validationIds];
    case "bring":
    case "check":
    case "measure":
      return [];
  }
}

function usedModel(ctx: ServerContext, runId: Run["id"]): string | null {
  const spec = ctx.runs.find(runId)?.spec;
  return spec?.kind === "train" ? spec.modelId : null;
}

const inUse = (name: string, runs: Run[], remedy: string): AppError => {
  const listed =
    runs
      .slice(0, 5)
      .map((run) => run.name)
      .join(", ") + (runs.length > 5 ? ", …" : "");
  const active = runs.filter((run) => isActive(run.status) || run.status === "queued").length;
  return new AppError("in_use", `${name} is used by ${runs.length === 1 ? "a run" : `${runs.length} runs`}: ${listed}. ${remedy}`, {
    params: { name, runs: listed, count: runs.length, active },
  });
};
