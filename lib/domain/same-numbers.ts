import type { Dataset } from "../contract/dataset";

type Version = Pick<Dataset, "id" | "parentId" | "change">;

/** Whether row 7 of one version is row 7 of the other: a new mapping, a fix and a replacement keep every row in its place; a sample and rows left out do not. */
export const countSameRows = (family: readonly Version[], one: Version, other: Version): boolean =>
  numberedSince(family, one) === numberedSince(family, other);

/** The version in which the rows got their numbers; of a deleted one only the id is known. */
function numberedSince(family: readonly Version[], version: Version): string {
  if (version.change.type === "sample" || version.change.type === "leave_out" || version.parentId === null) return version.id;
  const parent = family.find(({ id }) => id === version.parentId);
  return parent === undefined ? version.parentId : numberedSince(family, parent);
}
