import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FieldProblem } from "../../../../lib/contract/errors";
import type { DatasetId } from "../../../../lib/contract/ids";
import { OverlapReport, type OverlapSets } from "../../../../lib/contract/overlap";
import { isReady, type ReadyDataset } from "../../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../../context";
import { invalidFields } from "../../../errors";
import { datasetDir } from "../../../stores/dataset-files";
import { notChecked } from "../ready";
import { contentHash } from "../tokens/lengths-key";

/** The code that decides which rows are the same. */
const codeFiles = ["data/minhash.py", "data/overlap.py", "data/same_text.py", "data/similar.py", "recipes/overlap.py"];

export type Compared = { train: ReadyDataset[]; validation: ReadyDataset[] };

/** The sets of a comparison: all of them checked, and none of them twice. */
export function comparedSets(ctx: ServerContext, { trainIds, validationIds }: OverlapSets): Compared {
  const problems: FieldProblem[] = [];
  const seen = new Set<DatasetId>();
  const take = (id: DatasetId, path: string): ReadyDataset[] => {
    const dataset = ctx.datasets.getOrThrow(id);
    if (seen.has(id))
      problems.push({ path, message: `${dataset.name} is named twice; a set has all its rows in common with itself.`, value: id });
    else if (!isReady(dataset)) problems.push(notChecked(dataset, path));
    seen.add(id);
    return isReady(dataset) ? [dataset] : [];
  };
  const train = trainIds.flatMap((id, at) => take(id, `trainIds.${at}`));
  const validation = validationIds.flatMap((id, at) => take(id, `validationIds.${at}`));
  if (problems.length > 0) throw invalidFields(problems);
  return { train, validation };
}

/** The same rows and the same code find the same, so the folder is named by them; it goes with the first training set. */
export async function overlapDir(ctx: ServerContext, { train, validation }: Compared): Promise<string> {
  const hash = createHash("sha256");
  for (const part of [train, validation]) hash.update(`${part.map(({ report }) => report.sha256).join(" ")}\n`);
  for (const name of codeFiles) hash.update(`${name} ${await contentHash(join(ctx.env.trainer, "src", "trainer", name))}\n`);
  const [first] = train;
  if (first === undefined) throw new Error("a comparison without a set");
  return join(datasetDir(ctx.env.home, first.id), "overlap", hash.digest("hex").slice(0, 40));
}

/** The worker gives the folder its name when all of it is written; null before. */
export async function readOverlap(dir: string): Promise<OverlapReport | null> {
  const text = await readFile(join(dir, "report.json"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text === null ? null : OverlapReport.parse(JSON.parse(text));
}
