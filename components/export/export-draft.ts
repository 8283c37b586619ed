import type { ExportSpec } from "@/lib/contract/job-spec";
import type { Run } from "@/lib/contract/run";
import { recommendedCheckpoint } from "@/lib/domain/best-checkpoint";

/** What the form holds; `checkpoint` and `name` follow the run until the person chooses. */
export type ExportDraft = {
  runId: string | null;
  checkpoint: string | null;
  form: ExportSpec["form"];
  dtype: ExportSpec["dtype"];
  maxShardBytes: number;
  name: string | null;
};

export const emptyDraft: ExportDraft = { runId: null, checkpoint: null, form: "merged", dtype: "auto", maxShardBytes: 5e9, name: null };

export const exportableRuns = (runs: readonly Run[]): Run[] =>
  runs.filter((run) => run.spec.kind === "train" && run.checkpoints.length > 0);

/** Only LoRA runs have an adapter that can be taken out. */
export const hasAdapter = (run: Run): boolean => run.spec.kind === "train" && run.spec.lora !== null;

/** The spec to send; null while no run is chosen or the chosen one has nothing to export. */
export function toExportSpec(draft: ExportDraft, runs: readonly Run[]): ExportSpec | null {
  const run = exportableRuns(runs).find((one) => one.id === draft.runId);
  if (run === undefined) return null;
  const checkpoint = run.checkpoints.find((one) => one.name === draft.checkpoint)?.name ?? recommendedCheckpoint(run);
  if (checkpoint === null) return null;
  const form = draft.form === "adapter" && !hasAdapter(run) ? "merged" : draft.form;
  return {
    kind: "export",
    name: draft.name ?? suggestName(run, checkpoint, form),
    runId: run.id,
    checkpoint,
    form,
    dtype: form === "adapter" ? "auto" : draft.dtype,
    maxShardBytes: draft.maxShardBytes,
  };
}

function suggestName(run: Run, checkpoint: string, form: ExportSpec["form"]): string {
  const tail = `-${checkpoint.replace("checkpoint-", "")}${form === "adapter" ? "-adapter" : ""}`;
  return `${run.name.slice(0, 80 - tail.length)}${tail}`;
}
