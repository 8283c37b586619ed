import { join } from "node:path";
import { OverlapFinding, type OverlapKind, type OverlapSets } from "../../../../lib/contract/overlap";
import type { ServerContext } from "../../../context";
import { readLinePage } from "../../../stores/line-pages";
import { comparedSets, overlapDir } from "./overlap-place";

type Input = OverlapSets & { kind: OverlapKind | null; offset: number; limit: number };

/** A page of what a comparison found; none before it has ended. */
export async function getOverlapFindings(
  ctx: ServerContext,
  { kind, offset, limit, ...sets }: Input,
): Promise<{ total: number; findings: OverlapFinding[] }> {
  const dir = await overlapDir(ctx, comparedSets(ctx, sets));
  const page = await readLinePage(join(dir, "findings.jsonl"), { field: "kind", value: kind, offset, limit });
  if (page === null) return { total: 0, findings: [] };
  return { total: page.total, findings: page.lines.map((line) => OverlapFinding.parse(line)) };
}
