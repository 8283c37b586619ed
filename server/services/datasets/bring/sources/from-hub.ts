import { type Collected, nothingLeft, type SourceOf } from "./incoming";

/** A task fetches the files of rows; scripts of the data set are never run. */
export function fromHub({ type: _, ...hub }: SourceOf<"hub">): Collected {
  const parts = [hub.repo.split("/").at(-1), hub.subset, hub.split].filter((part) => part != null);
  return { ...nothingLeft, name: parts.join(" "), source: "hub", mapping: null, files: [], hub };
}
