import { setImmediate } from "node:timers/promises";
import type { RunId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";

type Input = { runId: RunId; names?: string | undefined; fromStep?: number | undefined; toStep?: number | undefined; points: number };

/** A `SeriesWindow` as text, metric by metric: a hundred thousand numbers are not written in one go. */
export async function* getSeries(ctx: ServerContext, { runId, names, fromStep, toStep, points }: Input): AsyncGenerator<string> {
  ctx.runs.getOrThrow(runId);
  const query = { names: names?.split(",") ?? null, fromStep: fromStep ?? null, toStep: toStep ?? null, points };
  const { seq, series } = await ctx.series.window(runId, query);
  let opening = `{"runId":${JSON.stringify(runId)},"seq":${seq},"series":{`;
  for (const [name, metric] of Object.entries(series)) {
    yield `${opening}${JSON.stringify(name)}:${JSON.stringify(metric)}`;
    opening = ",";
    await setImmediate();
  }
  yield opening === "," ? "}}" : `${opening}}}`;
}
