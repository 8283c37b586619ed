import type { RowProblem } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { datasetDir } from "../../stores/dataset-files";
import { readProblems } from "../../stores/problem-file";

type Input = { datasetId: DatasetId; reason?: string; offset: number; limit: number };

export async function getProblems(
  ctx: ServerContext,
  { datasetId, reason, offset, limit }: Input,
): Promise<{ total: number; problems: RowProblem[] }> {
  const { id, report } = ctx.datasets.getOrThrow(datasetId);
  const found = await readProblems(datasetDir(ctx.env.home, id), { reason: reason ?? null, offset, limit });
  // Sets of the time before versions kept only the first of them, in the report.
  if (found !== null) return found;
  const kept = (report?.problems ?? []).filter((problem) => reason === undefined || problem.reason === reason);
  return { total: kept.length, problems: kept.slice(offset, offset + limit) };
}
