import type { Dataset, DatasetChange } from "../../../../lib/contract/dataset";
import type { ServerContext } from "../../../context";

/** What follows this version, before anything was done for it; numbers are given once in a family. */
export function nextVersion(ctx: ServerContext, parent: Dataset, change: DatasetChange): Omit<Dataset, "id"> {
  const versions = ctx.datasets.list().filter(({ familyId }) => familyId === parent.familyId);
  return {
    ...parent,
    version: Math.max(...versions.map(({ version }) => version)) + 1,
    parentId: parent.id,
    change,
    status: "new",
    taskId: null,
    report: null,
    createdAt: ctx.clock.now(),
    usedByRuns: 0,
  };
}

/** Names of tasks have neither slashes nor more than 80 characters. */
export const taskName = (name: string): string =>
  name
    .replace(/[\p{Cc}/\\]/gu, " ")
    .trim()
    .slice(0, 80) || "data";
