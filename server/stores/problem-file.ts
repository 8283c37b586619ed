import { join } from "node:path";
import { RowProblem } from "../../lib/contract/dataset";
import { readLinePage } from "./line-pages";

type Page = { reason: string | null; offset: number; limit: number };

/** A page of problems.jsonl in the order of the file; null where there is none. */
export async function readProblems(
  dir: string,
  { reason, offset, limit }: Page,
): Promise<{ total: number; problems: RowProblem[] } | null> {
  const page = await readLinePage(join(dir, "problems.jsonl"), { field: "reason", value: reason, offset, limit });
  return page && { total: page.total, problems: page.lines.map((line) => RowProblem.parse(line)) };
}
