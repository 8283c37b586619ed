import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServerContext } from "../../context";
import { newModelId } from "../../ids";
import { inspectModel } from "../../models/inspect-model";
import { freeModelName } from "../../models/model-name";
import { prepareDataset } from "../datasets/prepare";

const MODEL_NAME = "tuneboard-demo";
/** The first is the one that the quick start trains on. */
const files = ["first-steps.jsonl", "small-talk-alpaca.json"];

/** Puts the demo model and data on the lists where they are missing. A trouble here never keeps the server from starting. */
export async function seedDemo(ctx: ServerContext): Promise<void> {
  const demo = join(ctx.env.trainer, "demo");
  await orWarn(ctx, "model", () => seedModel(ctx, join(demo, "model")));
  for (const file of files) await orWarn(ctx, file, () => seedDataset(ctx, join(demo, "data"), file));
}

async function seedModel(ctx: ServerContext, path: string): Promise<void> {
  const facts = await inspectModel(path, [path]);
  const known = ctx.models.list().find(({ source }) => source.type === "demo");
  // The program may have moved since, with its model.
  if (known && known.path === path && known.facts?.fingerprint === facts.fingerprint) return;
  if (known) return ctx.models.update({ ...known, path, facts });
  ctx.models.insert({
    id: newModelId(),
    name: freeModelName(MODEL_NAME, ctx.models.list()),
    source: { type: "demo" },
    path,
    present: true,
    facts,
    trustRemoteCode: false,
    createdAt: ctx.clock.now(),
    usedByRuns: 0,
  });
}

async function seedDataset(ctx: ServerContext, folder: string, fileName: string): Promise<void> {
  if (ctx.datasets.list().some((dataset) => dataset.source === "demo" && dataset.fileName === fileName)) return;
  await prepareDataset(ctx, {
    name: fileName.replace(/\.jsonl?$/, ""),
    fileName,
    source: "demo",
    write: (path) => copyFile(join(folder, fileName), path),
  });
}

async function orWarn(ctx: ServerContext, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ctx.log.warn("demo.not_seeded", { what, error });
  }
}
