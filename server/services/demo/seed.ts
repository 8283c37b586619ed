import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset, DatasetMapping } from "../../../lib/contract/dataset";
import { isEnded } from "../../../lib/domain/run-status";
import type { ServerContext } from "../../context";
import { newModelId } from "../../ids";
import { inspectModel } from "../../models/inspect-model";
import { freeModelName } from "../../models/model-name";
import { stem } from "../datasets/bring/file-name";
import { importDataset } from "../datasets/bring/import";
import { settleCheck } from "../datasets/bring/settle";
import { nothingLeft } from "../datasets/bring/sources/incoming";
import { startCheck } from "../datasets/check";
import { alpacaMapping, chatMapping } from "./mappings";

const MODEL_NAME = "tuneboard-demo";
const CHECK_MS = 120_000;

type DemoFile = { fileName: string; mapping: DatasetMapping };
/** The first is the one that the quick start trains on. */
const files: DemoFile[] = [
  { fileName: "first-steps.jsonl", mapping: chatMapping },
  { fileName: "small-talk-alpaca.json", mapping: alpacaMapping },
];

/** Puts the demo model and data on the lists where they are missing. A trouble here never keeps the server from starting. */
export async function seedDemo(ctx: ServerContext): Promise<void> {
  const demo = join(ctx.env.trainer, "demo");
  await orWarn(ctx, "model", () => seedModel(ctx, join(demo, "model")));
  await Promise.all(files.map((file) => orWarn(ctx, file.fileName, () => seedDataset(ctx, join(demo, "data"), file))));
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

/** Copied, because the program may move or be replaced. Waits until every row was read: the first run needs them. */
async function seedDataset(ctx: ServerContext, folder: string, { fileName, mapping }: DemoFile): Promise<void> {
  const known = ctx.datasets.list().filter((dataset) => dataset.source === "demo" && dataset.fileName === fileName);
  if (known.some(({ status }) => status === "ready")) return;
  const { taskId } = known[0] ? await checkAgain(ctx, known[0], mapping) : await bringIn(ctx, folder, { fileName, mapping });
  if (taskId === null) return;
  const run = await ctx.tasks.waitFor(taskId, (one) => isEnded(one.status), CHECK_MS);
  // The row is ready a little after its task has ended, unless it is settled here.
  await settleCheck(ctx, run);
}

const bringIn = (ctx: ServerContext, folder: string, { fileName, mapping }: DemoFile): Promise<Dataset> =>
  importDataset(ctx, {
    collect: async (staging) => {
      const path = join(staging.tray, fileName);
      await copyFile(join(folder, fileName), path);
      return { ...nothingLeft, name: stem(fileName), source: "demo", files: [{ name: fileName, path, keep: "take" }], mapping };
    },
  });

/** The first start was broken off, or the check had failed. */
const checkAgain = async (ctx: ServerContext, dataset: Dataset, mapping: DatasetMapping): Promise<Dataset> =>
  dataset.status === "checking" ? dataset : startCheck(ctx, dataset, { mapping, actions: {} });

async function orWarn(ctx: ServerContext, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ctx.log.warn("demo.not_seeded", { what, error });
  }
}
