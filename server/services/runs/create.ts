import type { TrainSpec } from "../../../lib/contract/job-spec";
import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";
import { newRunId } from "../../ids";
import { readyDataset } from "../datasets/ready";
import { checkTrain } from "./check-train";
import { trainWork } from "./train-work";

type Input = { spec: TrainSpec; requestId?: string | undefined };

export async function createRun(ctx: ServerContext, { spec, requestId }: Input): Promise<Run> {
  const known = requestId === undefined ? null : ctx.runs.findByRequest(requestId);
  if (known !== null) return known;
  const model = ctx.models.getOrThrow(spec.modelId);
  const dataset = readyDataset(ctx, spec.datasetId);
  await checkTrain(ctx, spec, model, dataset);
  return ctx.tasks.enqueue({
    runId: newRunId(),
    work: trainWork(ctx, { spec, model, dataset, resumeFrom: null }),
    labels: { model: model.name, data: dataset.name },
    ...(requestId !== undefined && { requestId }),
  });
}
