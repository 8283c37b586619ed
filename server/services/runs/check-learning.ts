import { DatasetRow } from "../../../lib/contract/dataset";
import type { FieldProblem } from "../../../lib/contract/errors";
import type { LengthReport } from "../../../lib/contract/inspect";
import type { TrainSpec } from "../../../lib/contract/job-spec";
import type { Model } from "../../../lib/contract/model";
import type { ReadyDataset } from "../../../lib/domain/ready-dataset";
import type { ServerContext } from "../../context";
import { invalidFields } from "../../errors";
import type { Sample } from "../../warm/warm";
import { knownLengths } from "../datasets/tokens/lengths";
import { type ChosenData, withPaths } from "./chosen-data";

const SAMPLE_ROWS = 200;
const SAMPLE_BLOCKS = 10;
const SAMPLE_BYTES = 10_000_000;
const PATIENCE_MS = 3_000;

/**
 * A training from which nothing is learned is refused before it starts: by the length report where there is one, else by some rows where
 * a look takes no start of the helper. Otherwise the worker finds out by itself, before it loads the model.
 */
export async function checkLearning(ctx: ServerContext, spec: TrainSpec, model: Model, data: ChosenData): Promise<void> {
  if (model.path === null) return;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (const one of withPaths(data)) {
    const report = await knownLengths(ctx, one.dataset, model);
    const problem = report !== null ? judgeReport(report, spec, one) : await judgeSample(ctx, { spec, model, one, signal });
    if (problem !== null) throw invalidFields([problem]);
  }
}

type Named = { dataset: ReadyDataset; path: string };

function judgeReport(report: LengthReport, { training }: TrainSpec, one: Named): FieldProblem | null {
  if (report.trainedTokens === 0) return nothingIn(one, worst(report.refusals));
  // Between two cutoffs of the report less is learned than with the larger one: nothing there is nothing here.
  const above = report.cutoffs.find(({ cutoff }) => cutoff >= training.cutoffLength);
  if (above === undefined || above.trainedTokens > 0) return null;
  return tooShort(one, training.cutoffLength, report.cutoffs.find(({ trainedTokens }) => trainedTokens > 0)?.cutoff ?? null);
}

type Look = { spec: TrainSpec; model: Model; one: Named; signal: AbortSignal };

async function judgeSample(ctx: ServerContext, { spec, model, one, signal }: Look): Promise<FieldProblem | null> {
  if (model.path === null || !ctx.warm.knowsTokens()) return null;
  const rows = await sampleRows(ctx, one.dataset);
  if (rows.length === 0) return null;
  const question = { rows, model: { path: model.path, trustRemoteCode: model.trustRemoteCode }, cutoff: spec.training.cutoffLength };
  const sample = await ctx.warm.sample(question, { signal }).catch((error: unknown) => {
    // The helper is a convenience here: what it can't tell, the worker tells.
    ctx.log.warn("train.sample_failed", { datasetId: one.dataset.id, error });
    return null;
  });
  return sample === null ? null : judge(sample, spec, one);
}

function judge(sample: Sample, { training }: TrainSpec, one: Named): FieldProblem | null {
  if (sample.wholeTrainedTokens === 0) return nothingIn(one, sample.refusal?.message ?? null);
  return sample.trainedTokens === 0 ? tooShort(one, training.cutoffLength, null) : null;
}

/** Usable rows from all parts of the file, fewer where they are large. */
async function sampleRows(ctx: ServerContext, { id, report }: ReadyDataset): Promise<DatasetRow[]> {
  const affordable = Math.floor(SAMPLE_BYTES / Math.max(1, report.bytes / report.rows));
  const limit = Math.ceil(Math.min(SAMPLE_ROWS, Math.max(SAMPLE_BLOCKS, affordable), report.rows) / SAMPLE_BLOCKS);
  const rows: DatasetRow[] = [];
  for (let block = 0; block < SAMPLE_BLOCKS; block += 1) {
    const offset = Math.max(block * limit, Math.floor((block * report.rows) / SAMPLE_BLOCKS));
    const found = await ctx.tables.canonical(id, { offset, limit, bytes: SAMPLE_BYTES / SAMPLE_BLOCKS });
    // Of a row that was shortened nothing can be said.
    rows.push(...found.rows.filter(({ cut }) => !cut).map(({ json }) => DatasetRow.parse(JSON.parse(json))));
  }
  return rows.filter((row) => row.problem === null && row.label !== false);
}

const nothingIn = ({ dataset: { id, name }, path }: Named, reason: string | null): FieldProblem => ({
  path,
  message: `Nothing in ${name} would be learned with this model${reason === null ? "" : ` (${reason})`}. Look at a row's tokens, or choose another model.`,
  value: id,
});

const tooShort = ({ dataset: { name } }: Named, cutoff: number, enough: number | null): FieldProblem => ({
  path: "spec.training.cutoffLength",
  message: `With a cutoff of ${cutoff} tokens no answer in ${name} is left to learn: all questions alone are longer. Choose ${enough === null ? "more" : `${enough} or more`}.`,
  value: cutoff,
});

function worst(refusals: Record<string, number>): string | null {
  const [first] = Object.entries(refusals).sort(([, one], [, other]) => other - one);
  return first === undefined ? null : `${first[1]} rows: ${first[0]}`;
}
