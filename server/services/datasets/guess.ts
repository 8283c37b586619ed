import type { Dataset, DatasetGuess } from "../../../lib/contract/dataset";
import type { DatasetId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { saveDataset } from "./save";
import { readRawRows } from "./table/raw-rows";

const SAMPLE_ROWS = 64;

type Guessed = { guesses: DatasetGuess[]; columns: string[] };
type Suggested = Guessed & { likely: DatasetGuess | null };

/** Looks at the rows again; what is found is kept with the data set. What is only likely is shown and never taken unasked. */
export async function guessMapping(ctx: ServerContext, { datasetId }: { datasetId: DatasetId }): Promise<Suggested> {
  const dataset = ctx.datasets.getOrThrow(datasetId);
  const { rows, columns } = await firstValues(ctx, dataset);
  const guesses = rows.length === 0 ? [] : await ctx.warm.guess(rows);
  const likely = guesses.length > 0 || rows.length === 0 ? null : await ctx.warm.suggest(rows);
  // It may have moved on while we looked.
  saveDataset(ctx, { ...ctx.datasets.getOrThrow(datasetId), guesses });
  return { guesses, columns, likely };
}

/** The first rows decide: every way to read them is tried by the code that will read all. */
export async function guessDataset(ctx: ServerContext, dataset: Dataset): Promise<Guessed> {
  const { rows, columns } = await firstValues(ctx, dataset);
  return { guesses: rows.length === 0 ? [] : await ctx.warm.guess(rows), columns };
}

async function firstValues(ctx: ServerContext, dataset: Dataset): Promise<{ rows: unknown[]; columns: string[] }> {
  const json = dataset.files.some(({ kind }) => kind === "json" || kind === "jsonl");
  const rows = (await readRawRows(ctx, dataset, firstRows))
    .map(({ value }) => value)
    // A line that is no JSON comes as its text: it says nothing about how the others are to be read.
    .filter((value) => !json || typeof value !== "string");
  const columns = new Set(
    rows.flatMap((value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [])),
  );
  return { rows, columns: [...columns] };
}

const firstRows = Array.from({ length: SAMPLE_ROWS }, (_, row) => row);
