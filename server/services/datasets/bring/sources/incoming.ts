import type * as z from "zod";
import type { api } from "../../../../../lib/contract/api";
import type { Dataset, DatasetMapping, SourceFile } from "../../../../../lib/contract/dataset";
import type { HubFiles } from "../../../../../lib/contract/job-spec";

export type CreateDataset = z.output<(typeof api)["createDataset"]["input"]>;
export type SourceOf<T extends CreateDataset["source"]["type"]> = Extract<CreateDataset["source"], { type: T }>;

/** A file on its way into a data set. */
export type Incoming = {
  /** As people know it, folders included. */
  name: string;
  /** Where it lies now. */
  path: string;
  /** take: it becomes ours; in_place: it belongs to the person and is only read. */
  keep: "take" | "in_place";
  /** How it was packed, where it was unpacked on the way. */
  unpackedFrom?: SourceFile["compression"];
};

export type Collected = {
  name: string;
  source: Dataset["source"];
  files: Incoming[];
  mapping: DatasetMapping | null;
  /** Files that are to be fetched first. */
  hub: HubFiles | null;
  /** Called once the data set stands: leftovers of the way go. */
  done(): Promise<void>;
  /** Called when the files can't be used at all. */
  refused(): Promise<void>;
  /** Always called at the end. */
  release(): void;
};

export const nothingLeft = { hub: null, done: async () => {}, refused: async () => {}, release: () => {} };
