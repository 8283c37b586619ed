import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { type Dataset, DatasetMapping, DatasetSource, SourceFile } from "../../../../lib/contract/dataset";
import { HubFiles } from "../../../../lib/contract/job-spec";
import { firstVersion } from "../../../../lib/domain/first-version";
import type { ServerContext } from "../../../context";
import { newRunId } from "../../../ids";
import type { Staging } from "../../../stores/dataset-files";
import { saveDataset } from "../save";
import { taskName } from "../versions/next-version";
import { readCompression } from "./sniff";
import type { Collected, Incoming } from "./sources/incoming";

const Compression = SourceFile.shape.compression;
/** What the server must know when the task has ended, perhaps after a restart: it lies beside the files. */
const Waiting = z.object({
  name: z.string(),
  source: DatasetSource,
  mapping: DatasetMapping.nullable(),
  files: z.array(z.object({ name: z.string(), path: z.string(), keep: z.enum(["take", "in_place"]) })),
});
/** Written by the task, last of all. */
const Brought = z.object({
  files: z.array(z.object({ name: z.string(), file: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u), compression: Compression })),
});

type Begun = { id: Dataset["id"]; staging: Staging; collected: Collected; mapping: DatasetMapping | null };

/** Whether files must be fetched or unpacked before anybody can look at them. */
export async function isOnItsWay({ hub, files }: Collected): Promise<boolean> {
  if (hub !== null) return true;
  for (const { path } of files) if ((await readCompression(path)) !== null) return true;
  return false;
}

/** A task brings the files in; the data set stands and says so. What was uploaded moves in first, so that nothing else is needed. */
export async function startBringing(ctx: ServerContext, { id, staging, collected, mapping }: Begun): Promise<Dataset> {
  const { name, source, hub } = collected;
  const files: Incoming[] = [];
  const packed: { name: string; path: string; encoding: string }[] = [];
  for (const [i, file] of collected.files.entries()) {
    const path = file.keep === "in_place" ? file.path : join(staging.tray, `came-${i}`);
    if (path !== file.path) await rename(file.path, path);
    const compression = await readCompression(path);
    if (compression === null) files.push({ ...file, path });
    else packed.push({ name: file.name, path, encoding: compression });
  }
  await writeFile(waitingPath(staging), JSON.stringify({ name, source, mapping, files } satisfies z.input<typeof Waiting>), {
    mode: 0o600,
  });
  const runId = newRunId();
  const waiting = {
    ...firstVersion({ id, name, source, files: [], createdAt: ctx.clock.now() }),
    status: "checking" as const,
    taskId: runId,
  };
  const dataset = saveDataset(ctx, waiting);
  try {
    ctx.tasks.enqueue({
      runId,
      work: {
        kind: "data",
        job: { kind: "data", name: taskName(name), datasetId: id, task: { type: "bring", hub: hub === null ? null : HubFiles.parse(hub) } },
        inputs: { files: packed.map((file) => ({ ...file, kind: "text" })), rowsPath: null, model: null, outputPath: staging.tray },
      },
      labels: { model: "", data: name },
    });
  } catch (error) {
    ctx.datasets.remove(id);
    ctx.bus.emit("datasetRemoved", { datasetId: id });
    throw error;
  }
  await collected.done();
  return dataset;
}

/** All files as they are now, and what was known of the data set. */
export async function readBrought(staging: Staging): Promise<{ files: Incoming[]; mapping: DatasetMapping | null }> {
  const waiting = Waiting.parse(JSON.parse(await readFile(waitingPath(staging), "utf8")));
  const brought = Brought.parse(JSON.parse(await readFile(join(staging.tray, "brought.json"), "utf8")));
  const made = brought.files.map(({ name, file, compression }) => ({
    name,
    path: join(staging.tray, file),
    keep: "take" as const,
    unpackedFrom: compression,
  }));
  await rm(waitingPath(staging));
  return { files: [...waiting.files, ...made], mapping: waiting.mapping };
}

const waitingPath = (staging: Staging): string => join(staging.dir, "waiting.json");
