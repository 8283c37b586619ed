import * as z from "zod";
import { DatasetId, RunId } from "./ids";
import { MAX_SETS } from "./mix-names";
import { overlapKinds } from "./overlap-names";

/** Which sets are compared; without validation sets only what the training sets say among themselves. */
export const OverlapSets = z.strictObject({
  trainIds: z.array(DatasetId).min(1, "Choose at least one data set.").max(MAX_SETS, `At most ${MAX_SETS} sets can be compared.`),
  validationIds: z.array(DatasetId).max(MAX_SETS, `At most ${MAX_SETS} sets can be compared.`),
});
export type OverlapSets = z.infer<typeof OverlapSets>;

export const OverlapKind = z.enum(overlapKinds);
export type OverlapKind = z.infer<typeof OverlapKind>;

/** Result of a comparison; the sets stand in the order in which they were named, training first. */
export const OverlapReport = z.object({
  trainingSets: z.int().describe("So many of the sets are trained, the others are for validation"),
  sets: z.array(
    z.object({
      rows: z.int(),
      comparedRows: z.int().describe("Rows that train"),
      leakingRows: z.int().describe("Training rows that also stand in validation; leaving them out mends it"),
    }),
  ),
  counts: z.record(OverlapKind, z.int()).describe("Findings by kind; a validation row is counted once, by the first kind that fits"),
  contradictingRows: z.int(),
  repeats: z.array(z.object({ size: z.int(), groups: z.int() })).describe("So many groups of training rows of this size say the same"),
  notes: z
    .array(z.object({ code: z.enum(["near_limit", "crowd"]), count: z.number() }))
    .describe("What was not compared: near duplicates beyond so many rows; so many pairs among rows that are all alike"),
});
export type OverlapReport = z.infer<typeof OverlapReport>;

/** A validation row and the training row that gives it away, or rows that answer one prompt in different ways. */
export const OverlapFinding = z.object({
  kind: OverlapKind,
  jaccard: z.number().nullable().describe("Shared shingles of near duplicates"),
  answers: z.int().nullable().describe("Different answers of a contradiction"),
  rows: z.int(),
  places: z
    .array(z.object({ set: z.int().describe("Number of the set in the report"), row: z.int() }))
    .min(2)
    .describe("Eight at most"),
  text: z.string().describe("How the first of them begins"),
});
export type OverlapFinding = z.infer<typeof OverlapFinding>;

export const OverlapAnswer = z.object({
  report: OverlapReport.nullable(),
  taskId: RunId.nullable().describe("The task that compares; null where the report is known or nothing was started"),
});
