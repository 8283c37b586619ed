import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { ExportForecast } from "../../../lib/contract/api";
import type { ExportSpec } from "../../../lib/contract/job-spec";
import type { ModelInput } from "../../../lib/contract/worker-spec";
import type { ServerContext } from "../../context";
import { whyNotPossible } from "../../models/export-limits";
import { readWeights } from "../../models/inspect-model";
import { type PlannedWeights, planAdapter, planMerged } from "../../models/plan-export";
import { readSafetensorsHeader } from "../../models/safetensors";
import { getTrainedRun, resolveCheckpoint } from "../../models/trained-model";

/** What the worker keeps free beyond the files themselves; see SPARE_BYTES in trainer/recipes/export.py. */
const SPARE_BYTES = 64_000_000;

/** Size and number of shards from the headers alone, by the worker's own rules. */
export async function forecastExport(ctx: ServerContext, { spec }: { spec: ExportSpec }): Promise<ExportForecast> {
  const trained = getTrainedRun(ctx, spec.runId);
  const model = await resolveCheckpoint(ctx, trained, spec.checkpoint);
  const disk = await statfs(ctx.env.home);
  const freeBytes = disk.bavail * disk.bsize;
  const problem = await whyNotPossible(model, spec.form);
  const weights = problem === null ? await planWeights(model, spec) : { bytes: 0, shards: 0, dtype: "unknown" };
  const bytes = weights.bytes + (problem === null ? await smallFileBytes(model) : 0);
  return { ...weights, bytes, freeBytes, fits: bytes + SPARE_BYTES <= freeBytes, mergeable: problem === null, problem };
}

async function planWeights(model: ModelInput, spec: ExportSpec): Promise<PlannedWeights> {
  if (spec.form === "adapter" && model.adapterPath !== null) {
    const name = "adapter_model.safetensors";
    return planAdapter(await readSafetensorsHeader(join(model.adapterPath, name), name));
  }
  const path = model.path ?? "";
  // The folder was checked when the model was added; its files may be links into a cache.
  return planMerged(await readWeights(path, ["/"]), {
    path,
    adapter: model.adapterPath !== null,
    dtype: spec.dtype,
    maxShardBytes: spec.maxShardBytes,
  });
}

/** Tokenizer, templates and configuration, which are copied: small beside the weights, and counted all the same. */
async function smallFileBytes({ path, adapterPath }: ModelInput): Promise<number> {
  const folder = adapterPath ?? path ?? "";
  const names = (await readdir(folder)).filter(
    (name) => /\.(json|jinja|model|txt|tiktoken)$/.test(name) && !/^(trainer_state|COMPLETE)\.json$/.test(name),
  );
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  return sizes.reduce((sum, entry) => sum + entry.size, 0);
}
