import type { TrainSpec } from "../../../lib/contract/job-spec";
import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";
import { newRunId } from "../../ids";
import { checkTrain } from "./check-train";
import { chosenData, dataLabels } from "./chosen-data";
import { trainWork } from "./train-work";

type Input = { spec: TrainSpec; requestId?: string | undefined };

export async function createRun(ctx: ServerContext, { spec, requestId }: Input): Promise<Run> {
  const known = requestId === undefined ? null : ctx.runs.findByRequest(requestId);
  if (known !== null) return known;
  const model = ctx.models.getOrThrow(spec.modelId);
  const data = chosenData(ctx, spec.data);
  await checkTrain(ctx, spec, model, data);
  return ctx.tasks.enqueue({
    runId: newRunId(),
    work: trainWork(ctx, { spec, model, data, resumeFrom: null }),
    labels: { model: model.name, ...dataLabels(data) },
    ...(requestId !== undefined && { requestId }),
  });
}
