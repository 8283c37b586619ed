import type { RunId } from "../../../lib/contract/ids";
import type { SeriesWindow } from "../../../lib/contract/series";
import type { ServerContext } from "../../context";

type Input = { runId: RunId; names?: string | undefined; fromStep?: number | undefined; toStep?: number | undefined; points: number };

export async function getSeries(ctx: ServerContext, { runId, names, fromStep, toStep, points }: Input): Promise<SeriesWindow> {
  ctx.runs.getOrThrow(runId);
  return ctx.series.window(runId, { names: names?.split(",") ?? null, fromStep: fromStep ?? null, toStep: toStep ?? null, points });
}
