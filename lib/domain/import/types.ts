import type { Dataset, DatasetReport } from "../../contract/dataset";
import type { Model } from "../../contract/model";
import type { FieldTrouble } from "../field-problem";
import type { ReasonCode } from "./reasons";

/** Who wrote what was given. */
export const importForms = ["llamaFactory", "axolotl", "deepspeed", "tuneboard"] as const;
export type ImportForm = (typeof importForms)[number];

/** A setting as it stands in what was given: text from a command line, any JSON value from a file. */
export type Entry = { name: string; value: unknown };

/** Why a setting does not come into the form; the page has the words. `idle`: nothing is lost by it. */
export type Reason = { code: ReasonCode; params?: Record<string, string | number> };

export type Verdict =
  | { kind: "taken"; paths: string[]; assumed: boolean; note?: Reason }
  | { kind: "idle" | "refused"; reason: Reason }
  | { kind: "invalid"; path: string; trouble: FieldTrouble }
  | { kind: "unknown"; nearest: string | null }
  | { kind: "absent"; what: "model" | "data"; reference: string };

/** What became of one setting. */
export type Line = { name: string; shown: string; verdict: Verdict };

/** `values` by the paths of the launch form; each setting that was given has a line, and so has each default that it leaves to the tool. */
export type Import = { form: ImportForm; values: Record<string, unknown>; lines: Line[] };

export type KnownModel = Pick<Model, "id" | "name" | "path" | "source" | "facts" | "trustRemoteCode">;
export type KnownSet = Pick<Dataset, "id" | "name" | "fileName" | "version" | "createdAt"> & {
  report: Pick<DatasetReport, "format" | "usableRows" | "unwantedRows">;
};

/** What names can be matched with. */
export type World = {
  models: readonly KnownModel[];
  datasets: readonly KnownSet[];
  /** The form at the moment: the model that a file without one would train. */
  model: KnownModel | null;
};
