import type { Run } from "../contract/run";

type Labels = Run["labels"];

/** “identity.json +1”: the first set and how many more; null for work without data. */
export function dataLabel({ data, otherData = [] }: Labels): string | null {
  return data === null || otherData.length === 0 ? data : `${data} +${otherData.length}`;
}

/** Every name, for a tooltip and for searching. */
export const dataNames = ({ data, otherData = [] }: Labels): string => [data ?? "", ...otherData].join(", ");
