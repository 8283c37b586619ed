import * as z from "zod";

/** Ids are made by the server only: a prefix that tells the kind, then twelve characters without look-alikes. */
const id = <P extends string>(prefix: P) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{12}$`), `must look like ${prefix}_ and twelve characters`);

export const RunId = id("run").brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

export const DatasetId = id("ds").brand<"DatasetId">();
export type DatasetId = z.infer<typeof DatasetId>;

export const ModelId = id("mod").brand<"ModelId">();
export type ModelId = z.infer<typeof ModelId>;

/** Folder name of a checkpoint as transformers' Trainer writes it. */
export const CheckpointName = z.string().regex(/^checkpoint-[0-9]{1,9}$/, "must look like checkpoint-120");
export type CheckpointName = z.infer<typeof CheckpointName>;
