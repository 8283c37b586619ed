import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Model } from "../../../lib/contract/model";
import type { ServerContext } from "../../context";
import { findInHubCache, hubCache } from "../../models/hub";
import { inspectModel } from "../../models/inspect-model";

export async function listModels(ctx: ServerContext, _input: object): Promise<{ models: Model[] }> {
  return { models: await Promise.all(ctx.models.list().map((model) => refresh(ctx, model))) };
}

async function refresh(ctx: ServerContext, stored: Model): Promise<Model> {
  const model = stored.path === null ? await lookForDownload(ctx, stored) : stored;
  return {
    ...model,
    present: model.path === null || (await isFile(join(model.path, "config.json"))),
    usedByRuns: ctx.runs.countUsing("modelId", model.id),
  };
}

/** A run that used a hub model has fetched it: from then on its folder and facts are known. */
async function lookForDownload(ctx: ServerContext, model: Model): Promise<Model> {
  if (model.source.type !== "hub") return model;
  const path = await findInHubCache(model.source, process.env);
  // A download that is still going on can't be read yet; the next look will.
  const facts = path === null ? null : await inspectModel(path, [hubCache(process.env)]).catch(() => null);
  if (path === null || facts === null) return model;
  const found = { ...model, path, facts };
  ctx.models.update(found);
  return found;
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
