import { join } from "node:path";
import * as z from "zod";
import type { Dataset } from "../../../lib/contract/dataset";
import { DatasetReport } from "../../../lib/contract/dataset";
import { ErrorCode } from "../../../lib/contract/errors";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { newDatasetId } from "../../ids";
import { type PythonResult, runPython } from "../../python";
import { openStaging } from "../../stores/dataset-files";

const TIMEOUT_MS = 30 * 60_000;

export type NewDataset = {
  name: string;
  fileName: string;
  source: Dataset["source"];
  /** Puts the original at this path. */
  write(path: string): Promise<void>;
  signal?: AbortSignal;
};

/** A file becomes a data set: kept as it came, its rows read once by the code that also trains. All of it or nothing. */
export async function prepareDataset(ctx: ServerContext, { name, fileName, source, write, signal }: NewDataset): Promise<Dataset> {
  const id = newDatasetId();
  const staging = await openStaging(ctx.env.home, id);
  try {
    const original = join(staging.dir, fileName.endsWith(".json") ? "original.json" : "original.jsonl");
    await write(original);
    const result = await runPython(ctx, ["trainer.prepare", original, staging.dir], { timeoutMs: TIMEOUT_MS, signal });
    const dataset: Dataset = {
      id,
      name,
      source,
      fileName,
      familyId: id,
      version: 1,
      parentId: null,
      change: { type: "import" },
      status: "ready",
      files: [],
      guesses: [],
      mapping: null,
      taskId: null,
      report: readReport(result, fileName),
      createdAt: ctx.clock.now(),
      usedByRuns: 0,
    };
    await staging.publish();
    ctx.datasets.insert(dataset);
    return dataset;
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

const Answer = z.union([
  z.object({ report: DatasetReport }),
  z.object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      row: z.int().nullish(),
      line: z.int().nullish(),
      field: z.string().nullish(),
      value: z.string().nullish(),
    }),
  }),
]);

function readReport({ code, lastLine, errorText }: PythonResult, fileName: string): DatasetReport {
  const answer = parseAnswer(lastLine);
  if (answer === null)
    throw new AppError("internal", `The reader of data sets ended with ${code ?? "a signal"}: ${errorText || "it said nothing"}`);
  if ("report" in answer) return answer.report;
  const { message, row, line, field, value } = answer.error;
  const known = ErrorCode.safeParse(answer.error.code);
  const params = Object.fromEntries(
    Object.entries({ fileName, reason: message, row, line, field, value }).filter(
      (entry): entry is [string, string | number] => entry[1] != null,
    ),
  );
  throw new AppError(known.success ? known.data : "dataset_not_readable", message, { params });
}

function parseAnswer(line: string): z.infer<typeof Answer> | null {
  try {
    return Answer.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
