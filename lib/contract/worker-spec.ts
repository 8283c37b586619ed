import * as z from "zod";
import { FileKind } from "./dataset";
import { RunId } from "./ids";
import { ChatSpec, DataSpec, ExportSpec, TrainSpec } from "./job-spec";
import { MAX_SETS } from "./mix-names";

export const SPEC_VERSION = 2;

const AbsolutePath = z.string().startsWith("/");

/** Weights as the worker finds them: a folder that transformers loads, and an adapter folder on top or none. */
export const ModelInput = z.strictObject({
  label: z.string(),
  path: AbsolutePath.nullable().describe("Local folder; null where the model is fetched from the hub"),
  repo: z.string().nullable().describe("Hub id, used only where path is null"),
  revision: z.string().nullable(),
  adapterPath: AbsolutePath.nullable(),
  trustRemoteCode: z.boolean(),
});
export type ModelInput = z.infer<typeof ModelInput>;

/** A data set as prepared on import: canonical rows, one JSON object a line (see docs/event-log.md). */
export const DatasetInput = z.strictObject({
  label: z.string(),
  rowsPath: AbsolutePath,
  usableRows: z.int().min(1),
  sha256: z.string().length(64),
});
export type DatasetInput = z.infer<typeof DatasetInput>;

const envelope = {
  specVersion: z.literal(SPEC_VERSION),
  runId: RunId,
  attempt: z.int().min(1),
  token: z.string().min(16).describe("Random; in the worker's environment as TUNEBOARD_TOKEN, so that its processes can be found"),
  device: z.enum(["auto", "cpu"]),
};

/** `spec.json` of an attempt: what the person asked for (`job`) and what the server resolved it to (`inputs`). */
export const WorkerSpec = z.discriminatedUnion("kind", [
  z.strictObject({
    ...envelope,
    kind: z.literal("train"),
    job: TrainSpec,
    inputs: z.strictObject({
      model: ModelInput,
      datasets: z.array(DatasetInput).min(1).max(MAX_SETS).describe("As in job.data.sets, in the same order"),
      validation: z.array(DatasetInput).max(MAX_SETS).describe("The sets of job.data.validation; empty where rows are held out, or none"),
      resumeFrom: AbsolutePath.nullable().describe("Folder of a complete checkpoint"),
      startFrom: AbsolutePath.nullable()
        .default(null)
        .describe("Folder of the checkpoint that job.startFrom names; not looked at when resuming"),
    }),
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal("chat"),
    job: ChatSpec,
    inputs: z.strictObject({ model: ModelInput, socketPath: AbsolutePath }),
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal("export"),
    job: ExportSpec,
    inputs: z.strictObject({ model: ModelInput, outputPath: AbsolutePath }),
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal("data"),
    job: DataSpec,
    inputs: z.strictObject({
      files: z
        .array(z.strictObject({ name: z.string(), path: AbsolutePath, kind: FileKind, encoding: z.string() }))
        .describe(
          "For a check and a change; for `bring` the packed ones, with gzip or zstd as encoding; canonical rows of the version before for a comparison, of all sets for an overlap: training first",
        ),
      rowsPath: AbsolutePath.nullable().describe("Canonical rows, for all other work; for a change those of the version it begins with"),
      model: ModelInput.nullable().describe("Whose tokenizer and template measure"),
      outputPath: AbsolutePath.describe("Folder for the results; whole once the event `finished` is written"),
    }),
  }),
]);
export type WorkerSpec = z.infer<typeof WorkerSpec>;
