import type { FieldProblem } from "../../../lib/contract/errors";
import type { Model } from "../../../lib/contract/model";
import type { TrainSpec } from "../../../lib/contract/train-spec";
import type { ServerContext } from "../../context";

/** The checkpoint to begin with is there, holds an adapter, and belongs to the chosen model; the worker compares the weights. */
export function checkStart(ctx: ServerContext, { startFrom, modelId }: TrainSpec, model: Model): FieldProblem[] {
  if (startFrom === null) return [];
  const { runId, checkpoint } = startFrom;
  const run = ctx.runs.find(runId);
  const params = { name: run?.name ?? runId, checkpoint, model: model.name };
  const problem = (code: "startGone" | "startOtherModel", message: string): FieldProblem[] => [
    { path: "spec.startFrom", code, message, params, value: startFrom },
  ];
  if (run === null || !run.checkpoints.some(({ name }) => name === checkpoint))
    return problem("startGone", `${params.name} has no ${checkpoint} any more. Choose another checkpoint, or begin with a fresh adapter.`);
  if (run.spec.kind !== "train" || run.spec.lora === null || run.spec.modelId !== modelId)
    return problem(
      "startOtherModel",
      `${checkpoint} of ${run.name} belongs to another model or holds no adapter. Choose one that was trained on ${model.name}.`,
    );
  return [];
}
