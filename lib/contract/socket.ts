import * as z from "zod";
import { Dataset } from "./dataset";
import { DatasetId, RunId } from "./ids";
import { Run } from "./run";
import { MetricColumns, SeriesWindow } from "./series";
import { Device } from "./system";

/** Browser → server, each acknowledged. */
export const SubscribeRun = z.strictObject({
  runId: RunId,
  after: z.int().min(-1).describe("Last event seen, or -1 for a snapshot"),
  points: z.int().min(2).max(20_000),
});
export type SubscribeRun = z.infer<typeof SubscribeRun>;

export const SubscribeRunAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("snapshot"), run: Run, window: SeriesWindow }),
  z.object({ kind: z.literal("rows"), run: Run, seq: z.int(), columns: MetricColumns }),
  z.object({ kind: z.literal("refused"), code: z.string(), message: z.string() }),
]);
export type SubscribeRunAnswer = z.infer<typeof SubscribeRunAnswer>;

export const SubscribeLog = z.strictObject({ runId: RunId, from: z.int().min(0) });
export type SubscribeLog = z.infer<typeof SubscribeLog>;

/**
 * Server → browser. A batch covers the events after `fromSeq` up to `seq`. The browser takes it when
 * fromSeq <= its own seq (rows it has are skipped), else it subscribes again with `after`.
 */
export const RunBatch = z.object({
  runId: RunId,
  fromSeq: z.int(),
  seq: z.int(),
  run: Run.nullable().describe("The row, when it changed in a way that shows"),
  columns: MetricColumns.nullable(),
  rewinds: z.array(z.object({ seq: z.int(), toStep: z.int() })),
});
export type RunBatch = z.infer<typeof RunBatch>;

export const LogAppend = z.object({ runId: RunId, from: z.int(), to: z.int(), text: z.string() });
export type LogAppend = z.infer<typeof LogAppend>;

export const RunsChanged = z.object({ upserts: z.array(Run), removed: z.array(RunId) });
export type RunsChanged = z.infer<typeof RunsChanged>;

export const DatasetsChanged = z.object({ upserts: z.array(Dataset), removed: z.array(DatasetId) });
export type DatasetsChanged = z.infer<typeof DatasetsChanged>;

export const DevicesChanged = z.object({ devices: z.array(Device), queued: z.int(), running: z.int() });
export type DevicesChanged = z.infer<typeof DevicesChanged>;

/** Names on the wire. `runs`, `datasets` and `devices` go to every signed-in socket; the others to those who subscribed. */
export type ClientToServer = {
  "run:subscribe": (input: SubscribeRun, answer: (value: SubscribeRunAnswer) => void) => void;
  "run:unsubscribe": (input: { runId: RunId }) => void;
  "log:subscribe": (input: SubscribeLog, answer: (value: LogAppend) => void) => void;
  "log:unsubscribe": (input: { runId: RunId }) => void;
};
export type ServerToClient = {
  "run:batch": (batch: RunBatch) => void;
  "log:append": (append: LogAppend) => void;
  "runs:changed": (change: RunsChanged) => void;
  "datasets:changed": (change: DatasetsChanged) => void;
  "devices:changed": (change: DevicesChanged) => void;
};
