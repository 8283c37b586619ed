import { join } from "node:path";
import type { ExportSpec } from "../../../lib/contract/job-spec";
import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";
import { AppError, invalidFields } from "../../errors";
import { newRunId } from "../../ids";
import { getTrainedRun, resolveCheckpoint } from "../../models/trained-model";
import { forecastExport } from "./forecast";

/** Everything that can be known beforehand is refused here, before a worker starts. */
export async function createExport(ctx: ServerContext, { spec }: { spec: ExportSpec }): Promise<Run> {
  const forecast = await forecastExport(ctx, { spec });
  if (forecast.problem !== null) throw invalidFields([forecast.problem]);
  if (!forecast.fits)
    throw new AppError(
      "disk_full",
      `The export needs ${forecast.bytes} bytes and ${forecast.freeBytes} are free in ${ctx.env.home}. Free some, or choose a smaller type.`,
      {
        params: { path: ctx.env.home, neededBytes: forecast.bytes, freeBytes: forecast.freeBytes },
      },
    );
  const trained = getTrainedRun(ctx, spec.runId);
  const model = await resolveCheckpoint(ctx, trained, spec.checkpoint);
  const runId = newRunId();
  const outputPath = join(ctx.runDirs.paths(runId).artifacts, folderName(spec.name));
  return ctx.tasks.enqueue({
    runId,
    work: { kind: "export", job: spec, inputs: { model, outputPath } },
    labels: { model: model.label, data: null },
  });
}

/** The folder that people unpack: the export's name as far as every file system takes it. */
const folderName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 60) || "model";
