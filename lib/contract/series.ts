import * as z from "zod";
import { MetricValue } from "./event";
import { RunId } from "./ids";

/**
 * Points of one metric in a window. Columns have one length. Where the window holds more points than asked for, each
 * point stands for a bucket of `bucket` neighbouring points (a power of two, aligned to point 0): mean, least, greatest.
 */
export const SeriesPoints = z.object({
  bucket: z.int(),
  step: z.array(z.number()),
  t: z.array(z.number()),
  tokens: z.array(z.number()),
  mean: z.array(z.number().nullable()),
  min: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
  nonFinite: z.array(z.object({ step: z.number(), value: MetricValue })),
  total: z.int().describe("Points in the whole series"),
});
export type SeriesPoints = z.infer<typeof SeriesPoints>;

export const SeriesWindow = z.object({
  runId: RunId,
  seq: z.int().describe("Last event contained; live rows go on from here"),
  series: z.record(z.string(), SeriesPoints),
});
export type SeriesWindow = z.infer<typeof SeriesWindow>;

/** Live rows as columns. A value is null where the row does not have that metric. */
export const MetricColumns = z.object({
  seq: z.array(z.int()),
  step: z.array(z.number()),
  t: z.array(z.number()),
  tokens: z.array(z.number()),
  epoch: z.array(z.number()),
  values: z.record(z.string(), z.array(MetricValue.nullable())),
});
export type MetricColumns = z.infer<typeof MetricColumns>;
