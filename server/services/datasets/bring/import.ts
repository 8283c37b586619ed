import type { Dataset, DatasetGuess, DatasetMapping } from "../../../../lib/contract/dataset";
import type { DatasetId } from "../../../../lib/contract/ids";
import { firstVersion } from "../../../../lib/domain/first-version";
import type { ServerContext } from "../../../context";
import { AppError } from "../../../errors";
import { newDatasetId } from "../../../ids";
import { openStaging, removeDatasetFiles, type Staging } from "../../../stores/dataset-files";
import { startCheck } from "../check";
import { guessDataset } from "../guess";
import { placeFiles } from "../place";
import { saveDataset } from "../save";
import { isOnItsWay, startBringing } from "./bring";
import { refuseUnreadable } from "./refuse-unreadable";
import type { Collected } from "./sources/incoming";

/** From this on the best guess is taken without asking. */
const SURE = 0.9;

type Import = { name?: string; mapping?: DatasetMapping; collect(staging: Staging): Promise<Collected> };

/** Files become a data set that can be looked at; where its form is plain, its rows are checked at once. */
export async function importDataset(ctx: ServerContext, wish: Import): Promise<Dataset> {
  const { dataset, mapping } = await bringIn(ctx, wish);
  // Its files are being fetched or unpacked; it goes on when they are there.
  if (dataset.status === "checking") return dataset;
  await refuseUnreadable(ctx, dataset).catch((error: unknown) => refuseGone(ctx, dataset.id, error));
  return readOn(ctx, dataset, mapping);
}

/** The files are there: where it is known or plain how they are read, their rows are checked. */
export async function readOn(ctx: ServerContext, dataset: Dataset, mapping: DatasetMapping | null): Promise<Dataset> {
  const guesses = mapping === null ? await guessOrNothing(ctx, dataset) : [];
  const known = mapping ?? sure(guesses);
  await refuseGone(ctx, dataset.id);
  // Everybody sees it since it stands: it may have been renamed or checked by hand while we looked.
  const now = ctx.datasets.getOrThrow(dataset.id);
  if (now.status !== dataset.status || now.taskId !== dataset.taskId) return saveDataset(ctx, { ...now, guesses });
  if (known === null) return saveDataset(ctx, { ...now, guesses, mapping: null, status: "new", taskId: null });
  return startCheck(ctx, saveDataset(ctx, { ...now, guesses, mapping: known }), { mapping: known, actions: {} });
}

/** Deleted while we looked at its rows: what the look left behind goes too. */
async function refuseGone(ctx: ServerContext, id: DatasetId, error: unknown = null): Promise<void> {
  const isGone = ctx.datasets.find(id) === null;
  if (isGone) await removeDatasetFiles(ctx.env.home, id);
  const isOurs = error instanceof AppError && error.code !== "dataset_file_changed";
  if (isGone && !isOurs) ctx.datasets.getOrThrow(id);
  if (error !== null) throw error;
}

/** All files or none; what can't be used leaves nothing behind. */
async function bringIn(ctx: ServerContext, wish: Import): Promise<{ dataset: Dataset; mapping: DatasetMapping | null }> {
  const id = newDatasetId();
  const staging = await openStaging(ctx.env.home, id);
  try {
    const collected = await wish.collect(staging);
    try {
      const named = { ...collected, name: (wish.name ?? collected.name).slice(0, 120) };
      const mapping = wish.mapping ?? collected.mapping;
      if (await isOnItsWay(named)) return { dataset: await startBringing(ctx, { id, staging, collected: named, mapping }), mapping };
      return { dataset: await settle(ctx, staging, id, named), mapping };
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith("dataset_")) await collected.refused();
      throw error;
    } finally {
      collected.release();
    }
  } catch (error) {
    await staging.discard();
    throw error;
  }
}

async function settle(
  ctx: ServerContext,
  staging: Staging,
  id: DatasetId,
  { name, source, done, ...collected }: Collected,
): Promise<Dataset> {
  const { files, undo } = await placeFiles(ctx, staging, id, collected.files);
  await staging.publish().catch(async (error: unknown) => {
    await undo();
    throw error;
  });
  const dataset = firstVersion({ id, name, source, files, createdAt: ctx.clock.now() });
  saveDataset(ctx, dataset);
  await done();
  return dataset;
}

/** Without a guess the person says how to read the rows: no reason to lose the files. */
async function guessOrNothing(ctx: ServerContext, dataset: Dataset): Promise<DatasetGuess[]> {
  try {
    return (await guessDataset(ctx, dataset)).guesses;
  } catch (error) {
    ctx.log.warn("dataset.not_guessed", { datasetId: dataset.id, error });
    return [];
  }
}

const sure = ([best]: DatasetGuess[]): DatasetMapping | null => (best !== undefined && best.confidence >= SURE ? best.mapping : null);
