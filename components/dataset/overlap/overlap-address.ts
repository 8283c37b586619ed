import type { OverlapSets } from "@/lib/client/queries/overlap";

/** The sets that a link to the comparison names, such as that of the launch page; null: none. */
export function readAddress(search: string): OverlapSets | null {
  const params = new URLSearchParams(search);
  const ids = (name: string) => (params.get(name) ?? "").split(",").filter((id) => id !== "");
  const sets = { trainIds: ids("train"), validationIds: ids("validation") };
  return sets.trainIds.length > 0 ? asSets(sets) : null;
}

export const setsOf = (trainIds: readonly string[], validationIds: readonly string[]): OverlapSets =>
  asSets({ trainIds: [...trainIds], validationIds: [...validationIds] });

// Ids come from the server's own lists or from an address; the server checks them again.
const asSets = (sets: { trainIds: string[]; validationIds: string[] }): OverlapSets => sets as OverlapSets;
